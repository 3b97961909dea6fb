import { describe, expect, it } from "vitest";
import { patchDigest } from "@codybatch/crds";
import { acme, stage, type Stage } from "../../../local/src/github/testing/stage.ts";
import { plainGit } from "../git/testing/repository.ts";
import { Publication } from "./testing/publication.ts";

const api = "acme/api";
const branch = "codybatch/node-24";
const apiRepository = acme.repositories[0]!;

const refused = (reason: string): object => ({ kind: "Refused", reason });
const tree = (at: Stage, ref: string): string => plainGit(at.github.hands.dir(api), "rev-parse", `${ref}^{tree}`);
const writes = (at: Stage): readonly string[] => at.github.requests.filter((one) => one.writes).map(({ operation }) => operation);

/** What a reviewer sees: the difference since the point where the branch left its base. */
const shown = (at: Stage, base = "main"): string =>
  `${plainGit(at.github.hands.dir(api), "diff", "--full-index", "--text", `${base}...${branch}`)}\n`;

describe.concurrent("what was approved", () => {
  it("is all that is ever sent: for another patch no request is made", async () => {
    await using at = await stage();
    using one = new Publication(at);
    const { result } = await one.run({ patch: Buffer.concat([one.patch, Buffer.from("\n")]) });
    expect(result?.outcome).toMatchObject(refused("PatchMismatch"));
    expect(at.github.requests).toEqual([]);
    expect(result?.requests).toEqual({ api: 0, git: 0 });
  });

  it.each([
    ["gives other files", (one: Publication) => ({ input: { patch: { ...one.input.patch, tree: "1".repeat(40) } } })],
    [
      "does not apply",
      (one: Publication) => {
        const patch = Buffer.from(String(one.patch).replaceAll("src/node.txt", ".nvmrc").replace("new file mode 100644\n", ""));
        return { patch, input: { patch: { ...one.input.patch, digest: patchDigest(one.input.patch.baseCommit, patch) } } };
      },
    ],
  ])("is not pushed when it %s", async (_what, change) => {
    await using at = await stage();
    using one = new Publication(at);
    expect((await one.run(change(one))).result?.outcome).toMatchObject(refused("TreeMismatch"));
    expect(writes(at)).toEqual([]);
  });

  it("is pushed byte for byte, whatever the repository's attributes say", async () => {
    const files = {
      ".gitattributes": "* text eol=crlf ident filter=evil working-tree-encoding=UTF-16\n",
      "a.txt": "$Id$\n",
      "b.txt": "x\n",
    };
    await using at = await stage({ repositories: [{ ...apiRepository, files }] });
    using one = new Publication(at, { files: { "a.txt": "$Id$\nb\r\n\r", "b.txt": "" } });
    expect((await one.run()).result?.outcome.kind).toBe("Published");
    expect(tree(at, branch)).toBe(one.input.patch.tree);
  });
});

describe.concurrent("the credential", () => {
  it.each([
    ["none", "", "CredentialMissing"],
    ["one that nobody knows", "ghp_nobody00", "CredentialRejected"],
    ["one that only reads", "read", "NotOwned"],
    ["one of somebody without a role", "foreign", "NotOwned"],
  ])("%s ends in a name, and nothing is changed", async (_what, token, reason) => {
    await using at = await stage();
    using one = new Publication(at);
    expect((await one.run({ token })).result?.outcome).toMatchObject(refused(reason));
    expect(at.github.pushes).toEqual([]);
    expect(at.github.hands.repository(api).pulls).toEqual([]);
  });

  it("may not see the repository, or the repository is archived: not owned", async () => {
    await using at = await stage();
    using hidden = new Publication(at, { repository: "acme/hidden" });
    expect((await hidden.run()).result?.outcome).toMatchObject(refused("NotOwned"));
    using one = new Publication(at);
    at.github.hands.repository(api).archived = true;
    expect((await one.run()).result?.outcome).toMatchObject(refused("NotOwned"));
    expect(writes(at)).toEqual([]);
  });

  it("is the only one that is used, and an installation's is not asked for a user's rights", async () => {
    const permissions = { contents: "write", pull_requests: "write" } as const;
    const app = { name: "app", token: "ghs_app00000", user: "cody", permissions };
    await using at = await stage({ tokens: [...acme.tokens, app] });
    using one = new Publication(at);
    expect((await one.run({ token: "app" })).result?.outcome.kind).toBe("Published");
    expect(new Set(at.github.requests.map(({ token }) => token))).toEqual(new Set(["app", undefined]));
  });
});

describe.concurrent("workflows", () => {
  const files = { ".github/workflows/ci.yml": "on: pull_request\n" };

  it("are pushed only where the batch may change them", async () => {
    await using at = await stage();
    using one = new Publication(at, { files });
    const { result } = await one.run({ token: "workflows" });
    expect(result?.outcome).toMatchObject({ ...refused("WorkflowPermissionMissing"), message: expect.stringContaining("allowPaths") });
    expect(writes(at)).toEqual([]);
  });

  it("need a permission of their own", async () => {
    await using at = await stage();
    using one = new Publication(at, { files, input: { allowsWorkflows: true } });
    const { result } = await one.run();
    expect(result?.outcome).toMatchObject({ ...refused("WorkflowPermissionMissing"), message: expect.stringContaining("ci.yml") });
    expect((await one.run({ token: "workflows" })).result?.outcome.kind).toBe("Published");
  });
});

describe.concurrent("the branch", () => {
  it("of somebody else is left alone", async () => {
    await using at = await stage();
    using one = new Publication(at);
    const tip = await at.github.hands.commit(api, { by: "ann", branch, files: { "x.txt": "x\n" } });
    expect((await one.run()).result?.outcome).toMatchObject(refused("BranchTaken"));
    expect(await at.github.hands.tip(api, branch)).toBe(tip);
    expect(at.github.pushes).toEqual([]);
  });

  it("with a human commit on top of ours is left alone, and the pull request is told", async () => {
    await using at = await stage();
    using one = new Publication(at);
    await one.run();
    const tip = await at.github.hands.commit(api, { by: "ann", branch, files: { "x.txt": "x\n" } });
    expect((await one.run()).result?.outcome).toMatchObject({ ...refused("HumanCommits"), pullRequest: { number: 1, state: "open" } });
    expect(await at.github.hands.tip(api, branch)).toBe(tip);
    expect(at.github.pushes).toHaveLength(1);
  });

  it("whose commit somebody amended, our trailer and author included, is left alone", async () => {
    await using at = await stage();
    using one = new Publication(at);
    await one.run();
    const dir = at.github.hands.dir(api);
    const theirs = plainGit(dir, "log", "-1", "--format=%B", branch);
    const env = ["-c", "user.name=Ann", "-c", "user.email=ann@acme.invalid"];
    const amended = plainGit(dir, ...env, "commit-tree", tree(at, "main"), "-p", one.input.patch.baseCommit, "-m", theirs);
    await at.github.hands.move(api, branch, amended, "ann");
    expect((await one.run()).result?.outcome).toMatchObject(refused("HumanCommits"));
    expect(await at.github.hands.tip(api, branch)).toBe(amended);
  });

  it("that two batches race for goes to one of them", async () => {
    await using at = await stage();
    using one = new Publication(at);
    using other = new Publication(at, {
      files: { "other.txt": "x\n" },
      input: { batchChange: "other", changeset: { name: "other-0123456789", uid: "uid-2" } },
    });
    const ended = await Promise.all([one.run(), other.run()]);
    const kinds = ended.map(({ result }) => (result?.outcome.kind === "Refused" ? result.outcome.reason : result?.outcome.kind));
    expect(new Set(kinds)).toEqual(new Set(["BranchTaken", "Published"]));
    expect(at.github.hands.repository(api).pulls).toHaveLength(1);
    expect(at.github.pushes.some(({ forced }) => forced)).toBe(false);
  });

  it("that is protected ends in GitHub's words", async () => {
    await using at = await stage({ repositories: [{ ...apiRepository, protectedBranches: [branch] }] });
    using one = new Publication(at);
    const { result } = await one.run();
    expect(result?.outcome).toMatchObject({ ...refused("PushRefused"), message: expect.stringContaining("protected branch") });
  });

  it.each([
    ["creation", "Cannot create ref due to creations being restricted"],
    ["required_signatures", "Commits must have verified signatures"],
    ["pull_request", "Changes must be made through a pull request"],
  ] as const)("that the rule %s refuses ends in GitHub's words, the rule among them", async (rule, words) => {
    const rulesets = [{ include: ["refs/heads/codybatch/*"], rules: [rule] }];
    await using at = await stage({ repositories: [{ ...apiRepository, rulesets }] });
    using one = new Publication(at);
    const { result } = await one.run();
    expect(result?.outcome).toMatchObject({ ...refused("PushRefused"), message: expect.stringContaining(words) });
    expect(at.github.hands.repository(api).pulls).toEqual([]);
  });

  it("of a batch that was deleted and applied again is taken over, its pull request too", async () => {
    await using at = await stage();
    using one = new Publication(at);
    await one.run();
    using again = new Publication(at, {
      files: { "src/node.txt": "25\n" },
      input: { changeset: { name: "node-24-9876543210", uid: "uid-2" } },
    });
    expect((await again.run()).result?.outcome).toMatchObject({ kind: "Published", pullRequest: { number: 1 } });
    expect(tree(at, branch)).toBe(again.input.patch.tree);
  });
});

describe.concurrent("the base", () => {
  it("may have moved: the pull request is the patch and no more", async () => {
    await using at = await stage();
    using one = new Publication(at);
    for (const name of ["a", "b"]) await at.github.hands.commit(api, { by: "ann", branch: "main", files: { [name]: "x\n" } });
    expect((await one.run()).result?.outcome.kind).toBe("Published");
    expect(shown(at)).toBe(String(one.patch));
    expect(plainGit(at.github.hands.dir(api), "rev-list", "--count", `main..${branch}`)).toBe("1");
  });

  it("of a re-run is the new one: a merge commit of our tip and the base, a fast-forward, and the diff is the new patch", async () => {
    await using at = await stage();
    using one = new Publication(at);
    await one.run();
    const first = await at.github.hands.tip(api, branch);
    await at.github.hands.commit(api, { by: "ann", branch: "main", files: { "src/node.txt": "in conflict\n", "y.txt": "y\n" } });
    using two = new Publication(at, { files: { "src/node.txt": "26\n" } });
    await at.github.hands.commit(api, { by: "ann", branch: "main", files: { "z.txt": "z\n" } });
    const { result } = await two.run();
    expect(result?.outcome).toMatchObject({ kind: "Published", pullRequest: { number: 1 } });
    expect(plainGit(at.github.hands.dir(api), "log", "-1", "--format=%P", branch)).toBe(`${first} ${two.input.patch.baseCommit}`);
    expect(shown(at)).toBe(String(two.patch));
    expect(at.github.pushes.map(({ forced }) => forced)).toEqual([false, false]);
    expect((await two.run()).result?.outcome).toEqual(result?.outcome);
    expect(at.github.pushes).toHaveLength(2);
  });

  it.each([
    ["is nowhere any more", true],
    ["is no longer in the branch's history", false],
  ])("that %s is said to be gone", async (_what, prune) => {
    await using at = await stage();
    using one = new Publication(at);
    const { hands } = at.github;
    const orphan = plainGit(hands.dir(api), "commit-tree", tree(at, "main"), "-m", "Rewritten");
    await hands.move(api, "main", orphan, "ann");
    if (prune) await hands.prune(api);
    expect((await one.run()).result?.outcome).toMatchObject(refused("BaseGone"));
    expect(writes(at)).toEqual([]);
  });

  it("branch that was deleted is said to be gone", async () => {
    await using at = await stage({ repositories: [{ ...apiRepository, branches: { release: { "r.txt": "r\n" } } }] });
    using one = new Publication(at, { from: "release", input: { repository: { url: at.remote(api), name: api, branch: "release" } } });
    await at.github.hands.move(api, "release", undefined, "ann");
    expect((await one.run()).result?.outcome).toMatchObject(refused("BaseGone"));
  });

  it("may be another branch of the same repository: two pull requests", async () => {
    await using at = await stage({ repositories: [{ ...apiRepository, branches: { release: { "r.txt": "r\n" } } }] });
    using one = new Publication(at);
    const repository = { url: at.remote(api), name: api, branch: "release" };
    using two = new Publication(at, { from: "release", input: { repository, branch: `${branch}-release` } });
    await Promise.all([one.run(), two.run()]);
    const pairs = at.github.hands.repository(api).pulls.map(({ base, head }) => `${base.ref} ${head.ref}`);
    expect(new Set(pairs)).toEqual(new Set([`main ${branch}`, `release ${branch}-release`]));
    expect(pairs).toHaveLength(2);
  });
});

describe.concurrent("the pull request", () => {
  it("that somebody opened for our branch is taken", async () => {
    await using at = await stage();
    using one = new Publication(at);
    at.github.fail({ operation: "pulls/create", status: 403, message: "Resource not accessible by personal access token" });
    expect((await one.run()).result?.outcome).toMatchObject(refused("PermissionMissing"));
    await at.octokit("write").pulls.create({ owner: "acme", repo: "api", base: "main", head: branch, title: "By hand", body: "x" });
    expect((await one.run()).result?.outcome).toMatchObject({ kind: "Published", pullRequest: { number: 1 } });
    expect(at.github.hands.pull(api, 1)).toMatchObject({ title: "node-24: Moved to Node 24.", labels: ["maintenance"] });
    expect(at.github.hands.repository(api).pulls).toHaveLength(1);
  });

  it("that appears while ours is opened is found again", async () => {
    await using at = await stage();
    using one = new Publication(at);
    const hold = at.github.hold("before", (call) => call.operation === "pulls/create");
    const running = one.run();
    await hold.reached();
    await at.octokit("workflows").pulls.create({ owner: "acme", repo: "api", base: "main", head: branch, title: "By hand" });
    hold.release();
    expect((await running).result?.outcome).toMatchObject({ kind: "Published", pullRequest: { number: 1 } });
    expect(at.github.hands.repository(api).pulls).toHaveLength(1);
  });

  it("that was closed is left closed, and nothing is pushed", async () => {
    await using at = await stage();
    using one = new Publication(at);
    await one.run();
    at.github.hands.close(api, 1);
    using two = new Publication(at, { files: { "src/node.txt": "25\n" } });
    expect((await two.run()).result?.outcome).toMatchObject({ ...refused("Closed"), pullRequest: { number: 1, state: "closed" } });
    expect(at.github.pushes).toHaveLength(1);
  });

  it("that was merged is an end for the same patch, and a new one is opened for another", async () => {
    await using at = await stage();
    using one = new Publication(at);
    await one.run();
    await at.github.hands.merge(api, 1, "ann");
    expect((await one.run()).result?.outcome).toMatchObject({
      kind: "Published",
      pullRequest: { number: 1, state: "merged", mergedAt: expect.any(String) },
    });
    await at.github.hands.move(api, branch, undefined, "ann");
    expect((await one.run()).result?.outcome).toMatchObject({ kind: "Published", pullRequest: { number: 1, state: "merged" } });
    using two = new Publication(at, { files: { "src/node.txt": "25\n" } });
    expect((await two.run()).result?.outcome).toMatchObject({ kind: "Published", pullRequest: { number: 2, state: "open" } });
    expect(shown(at)).toBe(String(two.patch));
  });

  it("is a draft when asked, has what is missing added once, and is open whatever GitHub refuses beside it", async () => {
    await using at = await stage();
    const input = { draft: true, labels: ["Maintenance", "maintenance", "b"], reviewers: ["nobody-here", "cody", "other/team"] };
    using one = new Publication(at, { input });
    const { result } = await one.run();
    expect(result).toMatchObject({
      outcome: { kind: "Published" },
      warnings: [expect.stringContaining("other/team"), expect.stringContaining("nobody-here")],
    });
    expect(at.github.hands.pull(api, 1)).toMatchObject({ draft: true, labels: ["maintenance", "b"], reviewers: [] });
    const before = writes(at).length;
    await one.run({ input: { reviewers: ["cody"], labels: ["MAINTENANCE", "B"] } });
    expect(writes(at)).toHaveLength(before);
  });
});
