import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { acme, stage } from "../testing/stage.ts";

const run = promisify(execFile);
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codybatch-keys-"));
  for (const name of ["own", "other"]) await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ["with the user's key", "own", "cody@acme.invalid", "valid"],
  ["with a key that the user does not have", "other", "cody@acme.invalid", "unknown_key"],
  ["by nobody that GitHub knows", "own", "nobody@acme.invalid", "no_user"],
])("a commit that is signed %s says so", async (_who, key, email, reason) => {
  const signingKeys = [(await readFile(join(folder, "own.pub"), "utf8")).trim()];
  const users = acme.users.map((user) => (user.login === "cody" ? { ...user, signingKeys } : user));
  await using at = await stage({ users });
  await at.git(["fetch", "--quiet", at.remote("acme/api"), "main"], "read");
  await at.git(["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
  const signing = ["-c", "gpg.format=ssh", "-c", `user.signingKey=${join(folder, key)}`];
  const commit = ["commit", "--quiet", "--allow-empty", "-S", "-m", "Signed"];
  await run("git", [...signing, ...commit], {
    cwd: await at.git(["rev-parse", "--show-toplevel"]),
    env: { ...process.env, GIT_AUTHOR_NAME: "C", GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: "C", GIT_COMMITTER_EMAIL: email },
  });
  await at.git(["push", "--quiet", at.remote("acme/api"), "HEAD:refs/heads/signed"], "write");
  const { data } = await at.octokit("read").repos.getCommit({ owner: "acme", repo: "api", ref: "signed" });
  expect(data.commit.verification).toMatchObject({ verified: reason === "valid", reason });
  expect(data.commit.verification?.signature).toContain("BEGIN SSH SIGNATURE");
});
