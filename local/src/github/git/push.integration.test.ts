import { writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { acme, stage } from "../testing/stage.ts";
import type { Stage } from "../testing/stage.ts";

/** Fetches main and commits a file on top of it. */
async function commit(at: Stage, file: string, content: string, from = "FETCH_HEAD"): Promise<string> {
  if (from === "FETCH_HEAD") await at.git(["fetch", "--quiet", at.remote("acme/api"), "main"], "read");
  await at.git(["checkout", "--quiet", "--force", "--detach", from]);
  const top = await at.git(["rev-parse", "--show-toplevel"]);
  await at.git(["update-index", "--add", "--cacheinfo", `100644,${await blob(at, `${top}/../blob`, content)},${file}`]);
  await at.git(["commit", "--quiet", "-m", `Change ${file}`]);
  return at.git(["rev-parse", "HEAD"]);
}

async function blob(at: Stage, path: string, content: string): Promise<string> {
  await writeFile(path, content);
  return at.git(["hash-object", "-w", path]);
}

it("a push is taken, and written down with its token and both commits", async () => {
  await using at = await stage();
  const sha = await commit(at, "a.txt", "a\n");
  await at.git(["push", "--quiet", at.remote("acme/api.git"), "HEAD:refs/heads/change"], "write");
  expect(await at.github.hands.tip("acme/api", "change")).toBe(sha);
  expect(at.github.pushes).toMatchObject([
    {
      repository: "acme/api",
      ref: "refs/heads/change",
      old: "0".repeat(40),
      new: sha,
      token: "write",
      actor: "cody",
      forced: false,
      refused: undefined,
    },
  ]);
  expect(at.github.requests.filter(({ writes }) => writes).map(({ token, operation, status }) => [token, operation, status])).toEqual([
    ["write", "git/push", 200],
  ]);
  expect(JSON.stringify([at.github.requests, at.github.pushes])).not.toContain("ghp_");
});

it("a forced push is known by ancestry, and a fast-forward is none", async () => {
  await using at = await stage();
  const remote = at.remote("acme/api");
  const first = await commit(at, "a.txt", "a\n");
  await at.git(["push", "--quiet", remote, "HEAD:refs/heads/change"], "write");
  await commit(at, "a.txt", "b\n", first);
  await at.git(["push", "--quiet", "--force", remote, "HEAD:refs/heads/change"], "write");
  const other = await commit(at, "a.txt", "c\n");
  await expect(at.git(["push", remote, "HEAD:refs/heads/change"], "write")).rejects.toThrow("rejected");
  await at.git(["push", "--quiet", remote, "+HEAD:refs/heads/change"], "write");
  await at.git(["push", "--quiet", remote, ":refs/heads/change"], "write");
  expect(at.github.pushes.map(({ forced }) => forced)).toEqual([false, false, true, false]);
  expect(at.github.pushes[3]).toMatchObject({ old: other, new: "0".repeat(40) });
});

it.each([
  ["nobody", undefined, "acme/api", "could not read Username"],
  ["a token that only reads", "read", "acme/api", "Write access to repository not granted"],
  ["somebody without a role", "foreign", "acme/api", "Write access to repository not granted"],
  ["a token for what it may not see", "write", "acme/hidden", "Repository not found"],
  ["a token of a user who may only read", "write", "acme/vault", "Write access to repository not granted"],
])("%s may not push", async (_who, token, name, says) => {
  await using at = await stage();
  await commit(at, "a.txt", "a\n");
  await expect(at.git(["push", at.remote(name), "HEAD:refs/heads/change"], token)).rejects.toThrow(says);
  expect(at.github.pushes).toEqual([]);
});

it("what is private can be fetched by who may read it, and is not there for others", async () => {
  await using at = await stage();
  await at.git(["ls-remote", at.remote("acme/vault")], "read");
  await expect(at.git(["ls-remote", at.remote("acme/vault")], "foreign")).rejects.toThrow("Repository not found");
  await expect(at.git(["ls-remote", at.remote("acme/vault")])).rejects.toThrow("could not read Username");
});

it("a token that has expired or was revoked is worth nothing, not even for what is public", async () => {
  let now = Date.UTC(2026, 10, 21);
  const tokens = [
    { name: "read", token: "ghp_read0000", user: "cody", permissions: { contents: "read" as const }, expiresAt: "2026-11-22T00:00:00Z" },
    { name: "lost", token: "ghp_lost0000", user: "cody", permissions: { contents: "read" as const } },
  ];
  await using at = await stage({ tokens }, () => now);
  const look = (): Promise<string> =>
    at.git(["-c", "credential.helper=!echo username=x; echo password=ghp_lost0000; #", "ls-remote", at.remote("acme/vault")]);
  await look();
  at.github.revoke("lost");
  await expect(look()).rejects.toThrow("Invalid username or token");
  await at.git(["ls-remote", at.remote("acme/api")], "read");
  now = Date.UTC(2026, 10, 22);
  await expect(at.git(["ls-remote", at.remote("acme/api")], "read")).rejects.toThrow("could not read Username");
});

it.each(["change a workflow", "add a workflow", "delete a workflow"])("a token without workflows cannot %s", async (what) => {
  await using at = await stage();
  const remote = at.remote("acme/api");
  const file = what === "add a workflow" ? ".github/workflows/new.yml" : ".github/workflows/ci.yml";
  await commit(at, file, "on: pull_request\n");
  if (what === "delete a workflow") {
    await at.git(["rm", "--quiet", "--cached", file]);
    await at.git(["commit", "--quiet", "--amend", "-m", "Delete it"]);
  }
  const says = `refusing to allow a Personal Access Token to create or update workflow \`${file}\` without \`workflow\` scope`;
  await expect(at.git(["push", remote, "HEAD:refs/heads/change"], "write")).rejects.toThrow(says);
  expect(at.github.pushes).toMatchObject([{ refused: says }]);
  expect(await at.github.hands.tip("acme/api", "change")).toBeUndefined();
  await at.git(["push", "--quiet", remote, "HEAD:refs/heads/change"], "workflows");
});

it("a workflow that lies on another branch already may come with a merge, and with a commit of the same content", async () => {
  await using at = await stage();
  const remote = at.remote("acme/api");
  const first = await commit(at, "a.txt", "a\n");
  await at.git(["branch", "-f", "ours"]);
  await at.github.hands.commit("acme/api", { by: "ann", branch: "main", files: { ".github/workflows/ci.yml": "on: release\n" } });
  await at.git(["fetch", "--quiet", remote, "main"], "read");
  await at.git(["checkout", "--quiet", "ours"]);
  await at.git(["reset", "--quiet", "--hard"]);
  await at.git(["merge", "--quiet", "--no-edit", "FETCH_HEAD"]);
  await at.git(["push", "--quiet", remote, "HEAD:refs/heads/merged"], "write");
  await commit(at, ".github/workflows/ci.yml", "on: release\n", first);
  await at.git(["push", "--quiet", remote, "HEAD:refs/heads/copied"], "write");
  await commit(at, ".github/workflows/other.yml", "on: release\n", first);
  await expect(at.git(["push", "--quiet", remote, "HEAD:refs/heads/moved"], "write")).rejects.toThrow("refusing to allow");
  expect(at.github.pushes.map(({ refused }) => refused === undefined)).toEqual([true, true, false]);
});

it("a protected branch, the default branch's end and an archived repository are refused as GitHub refuses them", async () => {
  await using at = await stage();
  const remote = at.remote("acme/api");
  await commit(at, "a.txt", "a\n");
  await expect(at.git(["push", remote, ":refs/heads/main"], "write")).rejects.toThrow("refusing to delete the current branch");
  at.github.hands.repository("acme/api").protectedBranches = ["main"];
  await expect(at.git(["push", remote, "HEAD:refs/heads/main"], "write")).rejects.toThrow("GH006: Protected branch update failed");
  await expect(at.git(["push", remote, "HEAD:refs/pull/1/head"], "write")).rejects.toThrow("deny updating a hidden ref");
  at.github.hands.repository("acme/api").archived = true;
  await expect(at.git(["push", remote, "HEAD:refs/heads/x"], "write")).rejects.toThrow("This repository was archived so it is read-only.");
});

it.each([
  ["creation", "HEAD:refs/heads/cody/x", "Cannot create ref due to creations being restricted."],
  ["update", "HEAD:refs/heads/cody/there", "Cannot update this protected ref."],
  ["pull_request", "HEAD:refs/heads/cody/there", "Changes must be made through a pull request."],
  ["deletion", ":refs/heads/cody/there", "Cannot delete this branch"],
  ["non_fast_forward", "+HEAD:refs/heads/cody/other", "Cannot force-push to this branch"],
  ["required_signatures", "HEAD:refs/heads/cody/x", "Commits must have verified signatures."],
  ["required_linear_history", "MERGE:refs/heads/cody/x", "This branch must not contain merge commits."],
] as const)("the rule %s refuses %s as GitHub does, elsewhere and for who may bypass it not", async (rule, refspec, says) => {
  const bob = { name: "bob", token: "ghp_bob00000", user: "bob", permissions: { contents: "write" } } as const;
  await using at = await stage({
    repositories: [{ ...acme.repositories[0]!, branches: { "cody/other": { "o.txt": "o\n" } } }],
    tokens: [...acme.tokens, bob],
  });
  const remote = at.remote("acme/api");
  const first = await commit(at, "a.txt", "a\n");
  const tree = await at.git(["rev-parse", "HEAD^{tree}"]);
  const merge = await at.git(["commit-tree", tree, "-p", first, "-p", "FETCH_HEAD", "-m", "Merge"]);
  const pushed = refspec.replace("MERGE", merge);
  await at.git(["push", "--quiet", remote, "FETCH_HEAD:refs/heads/cody/there"], "bob");
  at.github.hands.repository("acme/api").rulesets = [{ include: ["refs/heads/cody/*"], rules: [rule], bypass: ["bob"] }];
  const ref = pushed.replace(/^.*:/, "");
  const said = at.git(["push", remote, pushed], "write").then(
    () => "",
    (error: unknown) => String(error),
  );
  expect(await said).toContain(`GH013: Repository rule violations found for ${ref}.`);
  expect(await said).toMatch(`remote: - ${says}`);
  expect(await said).toContain("push declined due to repository rule violations");
  expect(at.github.pushes.slice(1)).toMatchObject([{ ref, refused: "push declined due to repository rule violations" }]);
  await at.git(["push", "--quiet", remote, pushed.replace("cody/", "cody/deeper/").replace(/^:.*/, "HEAD:refs/heads/free")], "write");
  await at.git(["push", "--quiet", remote, pushed], "bob");
});

it("a push larger than git's buffer and a shallow partial clone work", async () => {
  await using at = await stage();
  const noise = Array.from({ length: 80_000 }, (_, index) => `${index} ${(index * 7919) % 104_729} ${(index * 31_337) % 65_537}`).join(
    "\n",
  );
  await commit(at, "big.txt", noise);
  await at.git(["-c", "http.postBuffer=65536", "push", "--quiet", at.remote("acme/api"), "HEAD:refs/heads/big"], "write");
  await at.git(["clone", "--quiet", "--bare", "--depth=1", "--filter=blob:none", at.remote("acme/api"), "../partial.git"], "read");
  expect(await at.git(["--git-dir=../partial.git", "rev-parse", "HEAD"])).toBe(await at.github.hands.tip("acme/api", "main"));
  expect(at.github.pushes).toMatchObject([{ ref: "refs/heads/big", refused: undefined }]);
});

it("a refusal reaches a shallow repository, too", async () => {
  await using at = await stage();
  const remote = at.remote("acme/api");
  await at.github.hands.commit("acme/api", { by: "ann", branch: "main", files: { "a.txt": "a\n" } });
  await at.git(["fetch", "--quiet", "--depth=1", remote, "main"], "read");
  await at.git(["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
  await at.git(["commit", "--quiet", "--allow-empty", "-m", "x"]);
  at.github.hands.repository("acme/api").protectedBranches = ["x"];
  await expect(at.git(["push", remote, "HEAD:refs/heads/x"], "write")).rejects.toThrow("protected branch hook declined");
});
