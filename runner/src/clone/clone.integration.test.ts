import { execFileSync, spawn } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { git, listEntries, makePatch } from "../git/index.ts";
import { makeRepository, plainGit, temporary, writeBytes, writeFiles } from "../git/testing/repository.ts";
import type { GitServer, GitServerOptions } from "./testing/git-server.ts";
import { startGitServer } from "./testing/git-server.ts";
import type { Cloned, ClonePodOptions } from "./testing/pod.ts";
import { cloneInPod, podFolders } from "./testing/pod.ts";

const token = `ghs_${"s3cr3t".repeat(6)}`;
let root: ReturnType<typeof temporary>;
const servers: GitServer[] = [];

beforeEach(() => {
  root = temporary();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
  root[Symbol.dispose]();
});

async function serve(options: Partial<GitServerOptions> = {}): Promise<GitServer> {
  const server = await startGitServer({ root: join(root.path, "served"), token, ...options });
  servers.push(server);
  return server;
}

function served(name: string, fill: (directory: string) => void = (d) => writeFiles(d, { "README.md": "hello\n" })): string {
  return makeRepository(join(root.path, "served", name), fill);
}

async function clone(options: ClonePodOptions): Promise<Cloned> {
  return await cloneInPod(root.path, options);
}

/** Every byte below a folder that could hold what must not be there. */
function everything(directory: string): string {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")).join("\n");
}

/** Arguments and environment of the processes of git that name one of these. */
function gitProcesses(names: readonly string[]): string[] {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "latin1");
    } catch {
      return "";
    }
  };
  const ids = readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
  const ours = ids.filter((pid) => /^(\S*\/)?git/.test(read(pid, "cmdline")) && names.some((name) => read(pid, "cmdline").includes(name)));
  return ours.map((pid) => `${read(pid, "cmdline")} ${read(pid, "environ")}`);
}

function worktreeOf({ config, base }: Cloned) {
  return { gitDir: join(config.gitDir, "repo.git"), workTree: config.workspaceDir, baseCommit: base?.commit ?? "" };
}

describe("clone lays out", () => {
  it("the default branch over HTTP, one commit deep, without tags", async () => {
    served("acme/api");
    plainGit(join(root.path, "served/acme/api"), "tag", "v1");
    writeFiles(join(root.path, "served/acme/api"), { "README.md": "hello again\n" });
    plainGit(join(root.path, "served/acme/api"), "commit", "--quiet", "--all", "--message", "Second");
    const server = await serve();
    const cloned = await clone({ url: `${server.url}/acme/api` });
    expect(cloned.result).toBeUndefined();
    expect(cloned.base).toEqual({
      commit: plainGit(join(root.path, "served/acme/api"), "rev-parse", "HEAD"),
      branch: "main",
      tree: plainGit(join(root.path, "served/acme/api"), "rev-parse", "HEAD^{tree}"),
    });
    expect(readFileSync(join(cloned.config.workspaceDir, "README.md"), "utf8")).toBe("hello again\n");
    expect(readdirSync(cloned.config.workspaceDir)).toEqual(["README.md"]);
    const { gitDir } = worktreeOf(cloned);
    expect(plainGit(gitDir, "rev-list", "--count", "HEAD")).toBe("1");
    expect(plainGit(gitDir, "tag")).toBe("");
    expect(plainGit(gitDir, "config", "core.bare")).toBe("false");
    expect(existsSync(join(gitDir, "hooks"))).toBe(false);
    expect((await makePatch(worktreeOf(cloned), cloned.config.tmpDir)).patch).toHaveLength(0);
    expect(readdirSync(cloned.config.tmpDir)).toEqual([]);
  });

  it.each(["release", "feature/deep-er", "ünï"])("the branch %s", async (branch) => {
    served("acme/api");
    const repository = join(root.path, "served/acme/api");
    plainGit(repository, "checkout", "--quiet", "-b", branch);
    writeFiles(repository, { "README.md": "branch\n" });
    plainGit(repository, "commit", "--quiet", "--all", "--message", "Branch");
    plainGit(repository, "checkout", "--quiet", "main");
    const server = await serve();
    const cloned = await clone({ url: `${server.url}/acme/api`, branch });
    expect(cloned.base?.branch).toBe(branch);
    expect(readFileSync(join(cloned.config.workspaceDir, "README.md"), "utf8")).toBe("branch\n");
  });

  it("a repository on this machine", async () => {
    const commit = served("acme/my api");
    const cloned = await clone({ url: pathToFileURL(join(root.path, "served/acme/my api")).href });
    expect(cloned.base?.commit).toBe(commit);
  });

  it("a repository with SHA-256 objects", async () => {
    const path = join(root.path, "served/sha256");
    mkdirSync(path, { recursive: true });
    plainGit(path, "init", "--quiet", "--object-format=sha256", "--initial-branch=main");
    plainGit(path, "commit", "--quiet", "--allow-empty", "--message", "Base");
    const cloned = await clone({ url: pathToFileURL(path).href });
    expect(cloned.base?.commit).toHaveLength(64);
  });

  it("a HEAD that is on no branch", async () => {
    const commit = served("acme/api");
    plainGit(join(root.path, "served/acme/api"), "checkout", "--quiet", "--detach");
    plainGit(join(root.path, "served/acme/api"), "branch", "--delete", "--force", "main");
    const server = await serve();
    expect((await clone({ url: `${server.url}/acme/api` })).base).toMatchObject({ commit, branch: "HEAD" });
  });

  it("every kind of file with its bytes unchanged, links as plain files, submodules empty", async () => {
    served("acme/odd", (d) => {
      writeFiles(d, { crlf: "a\r\nb\r\n", empty: "", binary: Buffer.from([0, 255, 13, 10, 0]), "an id": "$Id$\n" });
      writeFiles(d, { ".lfsconfig": "[lfs]\n\turl = http://127.0.0.1:1/\n", pointer: "version https://git-lfs.github.com/spec/v1\n" });
      writeBytes(d, Buffer.from([0x63, 0xe9]), "latin\n");
      symlinkSync("/etc/passwd", join(d, "link"));
      writeFileSync(join(d, "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
      writeFiles(d, { ".git/info/attributes": "* -text -ident !filter !working-tree-encoding\n" });
      writeFiles(d, { ".gitattributes": "* text eol=crlf ident filter=lfs diff=lfs merge=lfs\nempty working-tree-encoding=UTF-16\n" });
      writeFiles(d, { ".gitmodules": '[submodule "s"]\n\tpath = s\n\turl = http://127.0.0.1:1/x\n' });
      plainGit(d, "update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},s`);
      mkdirSync(join(d, "s"));
    });
    const server = await serve();
    const cloned = await clone({ url: `${server.url}/acme/odd` });
    expect(cloned.result).toBeUndefined();
    const file = (name: string): Buffer => readFileSync(join(cloned.config.workspaceDir, name));
    expect(file("crlf").toString()).toBe("a\r\nb\r\n");
    expect(file("binary")).toEqual(Buffer.from([0, 255, 13, 10, 0]));
    expect(file("an id").toString()).toBe("$Id$\n");
    expect(file("pointer").toString()).toContain("git-lfs");
    expect(file("link").toString()).toBe("/etc/passwd");
    expect(lstatSync(join(cloned.config.workspaceDir, "link")).isFile()).toBe(true);
    expect(lstatSync(join(cloned.config.workspaceDir, "run.sh")).mode & 0o111).not.toBe(0);
    expect(readdirSync(join(cloned.config.workspaceDir, "s"))).toEqual([]);
    expect((await listEntries(worktreeOf(cloned))).unnameable).toBe(1);
    expect((await makePatch(worktreeOf(cloned), cloned.config.tmpDir)).patch).toHaveLength(0);
  });

  it("afresh over what an earlier try left", async () => {
    served("acme/api");
    const server = await serve();
    const first = await clone({ url: `${server.url}/acme/api` });
    writeFiles(first.config.workspaceDir, { left: "over\n" });
    const second = await clone({ url: `${server.url}/acme/api` });
    expect(second.base).toEqual(first.base);
    expect(readdirSync(second.config.workspaceDir)).toEqual(["README.md"]);
  });
});

describe("the read token", () => {
  it("opens a private repository and stays in no file, argument or log", async () => {
    const commit = served("private/api");
    const server = await serve();
    const cloned = await clone({ url: `${server.url}/private/api`, token });
    expect(cloned.base?.commit).toBe(commit);
    const { gitDir, workspaceDir, outDir, tmpDir } = cloned.config;
    const kept = [gitDir, workspaceDir, outDir, tmpDir].map(everything).join("\n") + cloned.log;
    expect(kept).not.toContain(token);
    expect(kept).not.toContain(Buffer.from(`x-access-token:${token}`).toString("base64"));
  });

  it("is in no argument and no environment while git runs", async () => {
    served("private/api");
    const processes: string[] = [];
    const server = await serve({
      answer: () => {
        processes.push(...gitProcesses([server.url, root.path]));
        return undefined;
      },
    });
    await clone({ url: `${server.url}/private/api`, token });
    expect(processes.join("\n")).toContain("git-remote-http");
    expect(processes.join("\n")).toContain("GIT_TERMINAL_PROMPT");
    expect(processes.join("\n")).not.toContain(token);
  });

  it("goes with the process when the pod ends meanwhile, and so does git", async () => {
    served("private/api");
    let posts = 0;
    const server = await serve({ answer: (_, request) => (request.method === "POST" && posts++ >= 0 ? "silence" : undefined) });
    const { env, folder } = podFolders(root.path, { url: `${server.url}/private/api`, token });
    const main = fileURLToPath(new URL("../main.ts", import.meta.url));
    const child = spawn(process.execPath, [main, "clone"], { env, stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    await vi.waitUntil(() => posts > 0, { timeout: 20_000 });
    expect(everything(folder("tmp"))).toContain(token);
    child.kill("SIGTERM");
    expect(await ended).toBe(143);
    expect(readdirSync(folder("tmp"))).toEqual([]);
    expect(readdirSync(folder("out"))).toEqual([]);
    await vi.waitUntil(() => gitProcesses([server.url]).length === 0, { timeout: 20_000 });
  });

  it("is not sent to a host that does not ask for it", async () => {
    served("acme/api");
    const server = await serve();
    await clone({ url: `${server.url}/acme/api`, token });
    expect(server.seen.map(({ authorization }) => authorization).filter(Boolean)).toEqual([]);
  });

  it("does not follow a redirect to another host", async () => {
    served("private/api");
    const other = await serve();
    const server = await serve({ answer: (path) => ({ status: 301, headers: { location: `${other.url}${path}` } }) });
    const { result } = await clone({ url: `${server.url}/private/api`, token });
    expect(result).toMatchObject({ reason: "CloneFailed", message: expect.stringContaining(`redirects to ${other.host}`) });
    expect(other.seen).toEqual([]);
  });

  it("follows a redirect inside its host, as after a rename", async () => {
    const commit = served("private/new");
    const server = await serve({
      answer: (path) => (path.startsWith("/private/old") ? { status: 301, headers: { location: path.replace("old", "new") } } : undefined),
    });
    expect((await clone({ url: `${server.url}/private/old`, token })).base?.commit).toBe(commit);
  });
});

describe("clone says by name that", () => {
  async function reason(options: ClonePodOptions): Promise<string> {
    const { result, base, config } = await clone(options);
    expect(base).toBeUndefined();
    expect(readdirSync(config.workspaceDir)).toEqual([]);
    expect(result?.usage).toEqual({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, turns: 0, costNanoUSD: 0 });
    return `${result?.reason}: ${result?.message}`;
  }

  it.each([
    [404, undefined, /^RepositoryNotFound: .*does not exist\. Check its URL/],
    [403, undefined, /^RepositoryForbidden: .*may not be read\./],
    [418, undefined, /^CloneFailed: .* answers 418/],
    [503, undefined, /^CloneFailed: .* answers 503\. Retry when the host is well/],
  ])("the host answers %i", async (status, withToken, expected) => {
    const server = await serve({ answer: () => ({ status }) });
    expect(await reason({ url: `${server.url}/acme/api`, ...(withToken === undefined ? {} : { token: withToken }) })).toMatch(expected);
  });

  it.each([
    ["no token is there", undefined, 200, /^SecretMissing: .*spec\.credentials\.githubReadSecret/],
    ["the token is wrong", "ghs_wrongwrongwrongwrong", 200, /^RepositoryForbidden: .*wrong, expired or revoked/],
    ["the token may not read it", token, 403, /^RepositoryForbidden: .*contents:read/],
    ["the token does not see it", token, 404, /^RepositoryNotFound: .*or the read token may not see it/],
  ])("%s", async (_, given, status, expected) => {
    served("private/api");
    const wanted = `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
    const server = await serve({
      answer: (__, request) => (status !== 200 && request.headers.authorization === wanted ? { status } : undefined),
    });
    const said = await reason({ url: `${server.url}/private/api`, ...(given === undefined ? {} : { token: given }) });
    expect(said).toMatch(expected);
    expect(said).not.toContain(given ?? "undefined");
  });

  it("an overloaded host is well again after some tries", async () => {
    const commit = served("acme/api");
    let refusals = 2;
    const server = await serve({ answer: () => (refusals-- > 0 ? { status: 503, headers: { "retry-after": "0" } } : undefined) });
    expect((await clone({ url: `${server.url}/acme/api` })).base?.commit).toBe(commit);
  });

  it("a web page is no repository", async () => {
    const server = await serve({ answer: () => ({ status: 200, headers: { "content-type": "text/html" } }) });
    expect(await reason({ url: `${server.url}/acme/page` })).toMatch(/^RepositoryNotFound: .*not as a git repository/);
  });

  it("nobody listens", async () => {
    expect(await reason({ url: "http://127.0.0.1:1/acme/api" })).toMatch(/^CloneFailed: 127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)/);
  });

  it("the host does not go on", async () => {
    served("acme/api");
    const server = await serve({ answer: (_, request) => (request.method === "POST" ? "silence" : undefined) });
    expect(await reason({ url: `${server.url}/acme/api`, config: { timeoutSeconds: 1 } })).toMatch(
      /^CloneFailed: .*did not end within 1 s/,
    );
  });

  it("a folder on this machine is missing", async () => {
    expect(await reason({ url: pathToFileURL(join(root.path, "nothing")).href })).toMatch(/^RepositoryNotFound: /);
  });

  it("the branch is missing, and which one is the default", async () => {
    served("acme/api");
    const server = await serve();
    expect(await reason({ url: `${server.url}/acme/api`, branch: "gone" })).toMatch(
      /^BranchNotFound: .*"gone"\. The default branch is "main"/,
    );
  });

  it.each(["*", "mai*", "--upload-pack=touch pwned", "refs/heads/main", "main:refs/x", "../heads/main", " "])(
    "the branch %j is missing",
    async (branch) => {
      served("acme/api");
      const server = await serve();
      expect(await reason({ url: `${server.url}/acme/api`, branch })).toMatch(/^BranchNotFound: /);
    },
  );

  it("the repository has no commit", async () => {
    plainGit(root.path, "init", "--quiet", "--bare", join(root.path, "served/acme/empty"));
    const server = await serve();
    expect(await reason({ url: `${server.url}/acme/empty` })).toMatch(/^EmptyRepository: /);
  });

  it("HEAD names a branch that is not there", async () => {
    served("acme/api");
    plainGit(join(root.path, "served/acme/api"), "symbolic-ref", "HEAD", "refs/heads/gone");
    const server = await serve();
    expect(await reason({ url: `${server.url}/acme/api` })).toMatch(/^BranchNotFound: /);
  });

  it("the files are too many", async () => {
    served("acme/api", (d) => writeFiles(d, { a: "", b: "", c: "" }));
    const server = await serve();
    expect(await reason({ url: `${server.url}/acme/api`, config: { maxFiles: 2 } })).toMatch(
      /^RepositoryTooLarge: .*has 3 files, more than the limit of 2/,
    );
  });

  it("the files are too large once unpacked", async () => {
    served("acme/api", (d) => writeFiles(d, { zeros: Buffer.alloc(30 * 1024 * 1024) }));
    const server = await serve();
    expect(await reason({ url: `${server.url}/acme/api`, config: { maxBytes: 20 * 1024 * 1024 } })).toMatch(
      /^RepositoryTooLarge: .*20 MiB/,
    );
  });

  it("the pack grows too large on its way", async () => {
    served("acme/api", (d) =>
      writeFileSync(join(d, "noise"), execFileSync("head", ["-c", "60000000", "/dev/urandom"], { maxBuffer: 1e8 })),
    );
    plainGit(join(root.path, "served/acme/api"), "config", "core.compression", "0");
    const server = await serve();
    expect(await reason({ url: `${server.url}/acme/api`, config: { maxBytes: 1024 * 1024 } })).toMatch(/^RepositoryTooLarge: .*1 MiB/);
  });

  it.each([".git", ".GIT", "git~1", "..", "a\\b", ".git "])("a tree holds the folder %j", async (name) => {
    served("acme/evil");
    const repository = join(root.path, "served/acme/evil");
    const blob = plainGit(repository, "rev-parse", "HEAD:README.md");
    const tree = makeTree(repository, `40000 ${name}`, makeTree(repository, "100644 config", blob));
    plainGit(repository, "update-ref", "refs/heads/main", plainGit(repository, "commit-tree", tree, "-m", "Evil"));
    const server = await serve();
    expect(await reason({ url: `${server.url}/acme/evil` })).toMatch(/^UnsafePath: /);
  });
});

/** A tree object that git itself would not write. */
function makeTree(repository: string, modeAndName: string, object: string): string {
  const content = Buffer.concat([Buffer.from(`${modeAndName}\0`), Buffer.from(object, "hex")]);
  const args = ["hash-object", "-t", "tree", "-w", "--literally", "--stdin"];
  return execFileSync("git", args, { cwd: repository, input: content, encoding: "utf8" }).trim();
}

describe("what the repository brings along", () => {
  it("runs nothing: no hook, filter, monitor or submodule", async () => {
    const proof = join(root.path, "executed");
    served("acme/evil", (d) =>
      writeFiles(d, { ".gitattributes": "* filter=evil\n", a: "a\n", "hooks/post-checkout": `#!/bin/sh\ntouch ${proof}\n` }),
    );
    const server = await serve();
    const cloned = await clone({ url: `${server.url}/acme/evil` });
    const worktree = worktreeOf(cloned);
    await git(["config", "filter.evil.smudge", `touch ${proof}; cat`], { gitDir: worktree.gitDir });
    await git(["read-tree", "--reset", "-u", worktree.baseCommit], { ...worktree });
    expect(existsSync(proof)).toBe(false);
  });
});
