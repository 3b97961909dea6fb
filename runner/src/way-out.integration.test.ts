import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RunResult } from "@codybatch/crds";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Api, startApi } from "./agent/testing/api.ts";
import { makePod } from "./agent/testing/pod.ts";
import { inTurn, wholeRun } from "./agent/testing/replies.ts";
import { type GitServer, startGitServer } from "./clone/testing/git-server.ts";
import { podFolders } from "./clone/testing/pod.ts";
import { makeRepository, temporary, writeFiles } from "./git/testing/repository.ts";
import { type Authority, makeAuthority } from "./testing/authority.ts";
import { type Proxy, startProxy, startTLS } from "./testing/proxy.ts";

const main = join(import.meta.dirname, "main.ts");
type Variables = Readonly<Record<string, string>>;

// Names of the reserved domain .example resolve nowhere, so whatever reaches them came through the proxy.
let root: ReturnType<typeof temporary>;
let authority: Authority;
let gitServer: GitServer;
let api: Api;
let proxy: Proxy;
let started: AsyncDisposableStack;

beforeEach(async () => {
  [root, started] = [temporary(), new AsyncDisposableStack()];
  authority = makeAuthority(root.path, "git.example", "claude.example");
  makeRepository(join(root.path, "served/acme/api"), (directory) => writeFiles(directory, { "README.md": "hello\n" }));
  gitServer = started.use(await startGitServer({ root: join(root.path, "served"), token: "t" }));
  api = started.use(await startApi(inTurn(wholeRun)));
  const ports = { git: Number(new URL(gitServer.url).port), claude: Number(new URL(api.url).port) };
  const tls = started.use(await startTLS(ports.git, authority.server));
  const claudeTLS = started.use(await startTLS(ports.claude, authority.server));
  const known = { "git.example:80": ports.git, "git.example:443": tls.port, "claude.example:443": claudeTLS.port };
  proxy = started.use(await startProxy(known));
});
afterEach(async () => {
  await started.disposeAsync();
  root[Symbol.dispose]();
});

const proxied = (): Variables => ({ HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
const trusting = (): Variables => ({ NODE_EXTRA_CA_CERTS: authority.caFile });

async function run(role: "clone" | "agent", env: NodeJS.ProcessEnv): Promise<number | null> {
  const child = spawn(process.execPath, [main, role], { env, stdio: "ignore" });
  return new Promise((resolve) => child.once("exit", resolve));
}

/** The file that was cloned, or why it was not. */
async function clone(url: string, variables: Variables): Promise<string | RunResult> {
  const { env, folder } = podFolders(root.path, { url });
  expect(await run("clone", { ...env, CODYBATCH_CLONE_RETRY_SECONDS: "0.01", ...variables })).toBe(0);
  const result = join(folder("out"), "result.json");
  if (existsSync(result)) return RunResult.parse(JSON.parse(readFileSync(result, "utf8")));
  return readFileSync(join(folder("workspace"), "README.md"), "utf8");
}

async function work(variables: Variables, claude = "https://claude.example"): Promise<RunResult> {
  await using pod = await makePod({ url: claude });
  const { config } = pod;
  const folders = ["input", "prompt", "anthropic", "git", "workspace", "out", "resume", "tmp", "termination"] as const;
  const paths = folders.map((name) => [`CODYBATCH_${name.toUpperCase()}_DIR`, config[`${name}Dir`]]);
  const env = { PATH: process.env["PATH"], ...Object.fromEntries(paths), CODYBATCH_RIPGREP: config.ripgrep };
  const settings = { CODYBATCH_RETRY_SECONDS: "0.01", ANTHROPIC_BASE_URL: claude };
  expect(await run("agent", { ...env, ...settings, ...variables })).toBe(0);
  return pod.result();
}

describe("clone gets out", () => {
  it("through a proxy to a host with a private authority, with its own requests and git's", async () => {
    expect(await clone("https://git.example/acme/api", { ...proxied(), ...trusting() })).toBe("hello\n");
    expect(new Set(proxy.seen)).toEqual(new Set(["CONNECT git.example:443"]));
    expect(proxy.seen.length).toBeGreaterThan(1);
  });

  it("through a proxy without TLS", async () => {
    expect(await clone("http://git.example/acme/api", proxied())).toBe("hello\n");
  });

  it("past the proxy to hosts that are named", async () => {
    expect(await clone(`${gitServer.url}/acme/api`, { ...proxied(), NO_PROXY: "127.0.0.1" })).toBe("hello\n");
    expect(proxy.seen).toEqual([]);
  });

  it("where the administrator's authority is missing, and is not needed", async () => {
    expect(await clone("http://git.example/acme/api", { ...proxied(), NODE_EXTRA_CA_CERTS: join(root.path, "absent") })).toBe("hello\n");
  });
});

describe("what is in clone's way is named", () => {
  it("when nobody vouches for the host", async () => {
    const message = expect.stringMatching(/git\.example's certificate is not trusted \([A-Z_]+\)\. Ask the administrator .*caBundle/);
    expect(await clone("https://git.example/acme/api", proxied())).toMatchObject({ reason: "CloneFailed", message });
    expect(proxy.seen).toHaveLength(1);
  });

  it("when the file of authorities holds none", async () => {
    const file = join(root.path, "broken.crt");
    writeFileSync(file, "-----BEGIN NOTHING-----\n");
    const message = expect.stringContaining("caBundle holds no certificate in PEM form");
    const cloned = await clone("https://git.example/acme/api", { ...proxied(), NODE_EXTRA_CA_CERTS: file });
    expect(cloned).toMatchObject({ reason: "CloneFailed", message });
  });

  it("when the proxy does not know the host", async () => {
    const cloned = await clone("https://other.example/acme/api", { ...proxied(), ...trusting() });
    expect(cloned).toMatchObject({ reason: "CloneFailed", message: expect.stringContaining("other.example does not answer") });
  });
});

describe("the agent gets out", () => {
  it("through a proxy to a Claude with a private authority", async () => {
    expect(await work({ ...proxied(), ...trusting() })).toMatchObject({ reason: "Reported", patch: { filesChanged: 1 } });
    expect(new Set(proxy.seen)).toEqual(new Set(["CONNECT claude.example:443"]));
    expect(api.requests.length).toBe(wholeRun.length);
  });

  it("not without knowing the authority: that is named, sent nothing and costs nothing", async () => {
    const result = await work(proxied());
    expect(result).toMatchObject({ reason: "ApiUnavailable", usage: { costNanoUSD: 0 } });
    expect(result.message).toMatch(/no connection to the API: its certificate is not trusted \([A-Z_]+\)/);
    expect(api.requests).toEqual([]);
  });

  it("not where the proxy refuses the way: that costs nothing either", async () => {
    const result = await work({ ...proxied(), ...trusting() }, "https://other.example");
    expect(result).toMatchObject({ reason: "ApiUnavailable", usage: { costNanoUSD: 0 } });
    expect(new Set(proxy.seen)).toEqual(new Set(["CONNECT other.example:443"]));
  });
});
