import { generateKeyPairSync } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, scenario } from "./model.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
const names = ["one", "two", "uninstalled"];
const installed = ["acme/one", "acme/two"];

let local: LocalMode;
beforeAll(async () => {
  const permissions = { contents: "write", pull_requests: "write" } as const;
  const installations = [{ id: 70, account: "acme", permissions, repositories: installed }];
  local = await startLocalMode({
    operator: { CODYBATCH_GITHUB_APP: "true" },
    secrets: { CODYBATCH_GITHUB_APP_ID: "7", CODYBATCH_GITHUB_APP_PRIVATE_KEY: privateKey },
    github: {
      users: [{ login: "ann" }],
      organizations: [{ login: "acme" }],
      repositories: names.map((name) => ({ name: `acme/${name}`, private: true, files: { "README.md": `${name}\n` } })),
      apps: [{ id: 7, slug: "cody-batch", publicKey, installations }],
    },
    keepVolumes: true,
    scenarios: [scenario("any", {}, ...changes())],
  });
  await new Batch(local, "app").create(names.map((name) => `${local.github.url}/acme/${name}`));
});
afterAll(() => endStory(local));
afterEach(({ task }) => tellFailure(local, task));

test("with an App private repositories are changed, each cloned by a token of its own that reads it and nothing else", async () => {
  const batch = new Batch(local, "app");
  for (const repository of installed) await batch.ends(repository, "Ready");
  const { github } = local;
  for (const repository of installed) {
    const tokens = new Set(github.requests.filter((one) => one.repository === repository).flatMap(({ token }) => token ?? []));
    const made = [...tokens].filter((token) => token.startsWith("installation-")).map((token) => github.token(token));
    expect(made.map((token) => token?.repositories)).toEqual([[github.hands.repository(repository).id]]);
    expect(made[0]?.permissions).toEqual({ contents: "read", metadata: "read" });
  }
  const byTokens = github.requests.filter(({ token }) => token?.startsWith("installation-"));
  expect(byTokens.filter(({ writes }) => writes)).toEqual([]);
  expect(github.pushes).toEqual([]);
});

test("where it is not installed the Changeset says so, and nothing is paid", async () => {
  const { status } = await new Batch(local, "app").ends("acme/uninstalled", "Failed", "AppNotInstalled");
  expect(status.message).toContain("not installed on acme/uninstalled");
  expect(status).toMatchObject({ chargedNanoUSD: 0 });
});

test("its key lies in the one volume that mint has, and in nothing that was stored or cloned", async () => {
  await local.untilPodsEnded();
  const line = privateKey.split("\n")[5] ?? "";
  const holders = filesBelow(join(local.processesDir, "pods")).filter((path) => readFileSync(path).includes(line));
  expect(holders.length).toBeGreaterThanOrEqual(names.length);
  expect(holders.filter((path) => !path.includes("/volumes/github-app/"))).toEqual([]);
});

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return all.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}
