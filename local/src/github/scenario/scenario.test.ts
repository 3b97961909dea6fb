import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadScenario, parseScenario } from "./scenario.ts";

const bundled = join(import.meta.dirname, "..", "..", "..", "scenarios", "github");

it.each(readdirSync(bundled))("the bundled scenario %s can be used", (name) => {
  const { repositories } = loadScenario(join(bundled, name));
  expect(repositories.length).toBeGreaterThan(0);
});

const base = { users: [{ login: "ann" }], repositories: [{ name: "ann/api" }] };
const token = { name: "t", token: "12345678", user: "ann", permissions: {} };

it.each([
  ["a name that leaves the folder", { repositories: [{ name: "ann/.." }] }, "repositories.0.name: must be owner/name"],
  ["a file that leaves the repository", { repositories: [{ name: "ann/api", files: { "../x": "" } }] }, "repositories.0.files"],
  ["a file within .git", { repositories: [{ name: "ann/api", files: { ".git/config": "" } }] }, "repositories.0.files"],
  ["an unknown field", { colour: "red" }, 'Unrecognized key: "colour"'],
  ["a role that is none", { repositories: [{ name: "ann/api", collaborators: { ann: "boss" } }] }, "collaborators.ann"],
  ["an owner that is not there", { repositories: [{ name: "bob/api" }] }, "repository bob/api names bob, which is no user"],
  [
    "a collaborator that is not there",
    { repositories: [{ name: "ann/api", collaborators: { bob: "read" } }] },
    "repository ann/api names bob",
  ],
  ["a token of nobody", { tokens: [{ ...token, user: "bob" }] }, "token t names bob"],
  ["a token for no repository", { tokens: [{ ...token, repositories: ["ann/web"] }] }, "token t names ann/web, which is no repository"],
  ["an App without a key", { apps: [{ id: 1, slug: "app" }] }, "apps.0: give publicKey or publicKeyFile"],
])("%s is refused and named", (_what, wrong, says) => {
  expect(() => parseScenario({ ...base, ...wrong })).toThrow(says);
});
