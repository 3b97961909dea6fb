import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { acme, type Stage, stage } from "../../../local/src/github/testing/stage.ts";
import { plainGit, temporary } from "../git/testing/repository.ts";
import { type Done, Publication } from "./testing/publication.ts";

const api = "acme/api";
const branch = "codybatch/node-24";
const author = { name: "Cody Batch", email: "cody@acme.invalid" };

interface Key extends Disposable {
  readonly env: Readonly<Record<string, string>>;
  readonly text: string;
  readonly publicKey: string;
  /** For git: whose signature counts. */
  readonly allowed: string;
}

/** A key as a person makes it, in the folder that the pod mounts. */
function makeKey(...options: readonly string[]): Key {
  const root = temporary("codybatch-signing-");
  const [folder, allowed] = [join(root.path, "signing"), join(root.path, "allowed")];
  mkdirSync(folder);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-C", "", "-f", join(folder, "signing.key"), ...options]);
  const publicKey = readFileSync(join(folder, "signing.key.pub"), "utf8").trim();
  writeFileSync(allowed, `${author.email} ${publicKey}\n`);
  const text = readFileSync(join(folder, "signing.key"), "utf8");
  return { env: { CODYBATCH_SIGNING_DIR: folder }, text, publicKey, allowed, [Symbol.dispose]: () => root[Symbol.dispose]() };
}

async function stageKnowing(...signingKeys: readonly string[]): Promise<Stage> {
  return await stage({ users: acme.users.map((user) => (user.login === "cody" ? { ...user, signingKeys: [...signingKeys] } : user)) });
}

const commitOf = ({ result }: Done): string => (result?.outcome.kind === "Published" ? result.outcome.commit : "");

it("signs the commit, the same one each time, so that git and GitHub believe it, and tells nobody the key", async () => {
  using key = makeKey("-N", "");
  await using at = await stageKnowing(key.publicKey);
  using publication = new Publication(at, { input: { author } });
  const done = await publication.run({ env: key.env });
  expect(done.result).toMatchObject({ outcome: { kind: "Published", verified: { verified: true, reason: "valid" } }, warnings: [] });
  const { hands } = at.github;
  const dir = hands.dir(api);
  plainGit(dir, "-c", `gpg.ssh.allowedSignersFile=${key.allowed}`, "verify-commit", commitOf(done));
  expect(done.result?.requests.api).toBe(6);
  const secret = key.text.split("\n")[3]!;
  expect(JSON.stringify(done.result) + JSON.stringify(done.events) + done.log).not.toContain(secret);

  await hands.move(api, branch, undefined, "cody");
  hands.repository(api).pulls.length = 0;
  const again = await publication.run({ env: key.env });
  expect(commitOf(again)).toBe(commitOf(done));
  expect((await publication.run({ env: key.env })).result?.outcome).toEqual(again.result?.outcome);
});

it("signs the merge commit of a further patch too", async () => {
  using key = makeKey("-N", "");
  await using at = await stageKnowing(key.publicKey);
  using first = new Publication(at, { input: { author } });
  await first.run({ env: key.env });
  using second = new Publication(at, { input: { author }, files: { "src/node.txt": "25\n" } });
  const done = await second.run({ env: key.env });
  expect(done.result?.outcome).toMatchObject({ kind: "Published", verified: { verified: true } });
  expect(plainGit(at.github.hands.dir(api), "rev-list", "--parents", "-1", commitOf(done)).split(" ")).toHaveLength(3);
  plainGit(at.github.hands.dir(api), "-c", `gpg.ssh.allowedSignersFile=${key.allowed}`, "verify-commit", commitOf(done));
});

it("says why GitHub does not believe the signature, and what to do", async () => {
  using key = makeKey("-N", "");
  await using at = await stageKnowing();
  using publication = new Publication(at, { input: { author } });
  const { result } = await publication.run({ env: key.env });
  expect(result?.outcome).toMatchObject({ kind: "Published", verified: { verified: false, reason: "unknown_key" } });
  expect(result?.warnings).toEqual([expect.stringContaining("Add the public half of signing.key")]);
});

it("publishes all the same where GitHub does not say", async () => {
  using key = makeKey("-N", "");
  await using at = await stageKnowing(key.publicKey);
  at.github.fail({ operation: "repos/get-commit", status: 404, times: 10 });
  using publication = new Publication(at, { input: { author } });
  const { result } = await publication.run({ env: key.env });
  expect(result?.outcome).toMatchObject({ kind: "Published" });
  expect(result?.outcome).not.toHaveProperty("verified");
  expect(result?.warnings).toEqual([expect.stringContaining("does not say whether it verifies")]);
});

it("neither signs nor asks without a key", async () => {
  await using at = await stage();
  using publication = new Publication(at);
  using none = temporary("codybatch-signing-");
  const done = await publication.run({ env: { CODYBATCH_SIGNING_DIR: none.path } });
  expect(done.result?.outcome).not.toHaveProperty("verified");
  expect(done.result?.requests.api).toBe(5);
  expect(plainGit(at.github.hands.dir(api), "cat-file", "commit", commitOf(done))).not.toContain("gpgsig");
});

it("sends nothing where the key cannot be used", async () => {
  using key = makeKey("-N", "open sesame");
  await using at = await stage();
  using publication = new Publication(at);
  const { result } = await publication.run({ env: key.env });
  expect(result?.outcome).toMatchObject({
    kind: "Refused",
    reason: "SigningKeyUnusable",
    message: expect.stringContaining("has a passphrase") as string,
  });
  expect(at.github.requests).toEqual([]);
});
