import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunInput } from "@codybatch/crds";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acme, stage, type Stage } from "../../../../local/src/github/testing/stage.ts";
import { temporary } from "../../git/testing/repository.ts";
import { podFolders } from "../testing/pod.ts";
import { FailingChecks, failingChecksFile } from "./file.ts";

const api = "acme/api";
const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
const checker = {
  name: "checker",
  token: "ghp_checker0",
  user: "cody",
  permissions: { contents: "read", checks: "read", statuses: "read", actions: "read" },
} as const;
const pullRequest = "https://github.com/acme/api/pull/7";

let root: ReturnType<typeof temporary>;
beforeEach(() => {
  root = temporary("codybatch-failing-");
});
afterEach(() => root[Symbol.dispose]());

const staged = async (): Promise<Stage> => await stage({ tokens: [...acme.tokens, checker] });

interface Ended {
  readonly told: FailingChecks | undefined;
  readonly base: { readonly commit: string; readonly branch: string } | undefined;
  readonly result: unknown;
  readonly log: string;
}

/** The real process, with nothing in its environment but its settings. */
async function clone(
  at: Stage,
  headSHA: string,
  more: { readonly token?: string; readonly input?: Partial<RunInput> } = {},
): Promise<Ended> {
  const ciFailure = { pullRequest: 7, url: pullRequest, headSHA };
  const token = at.github.token(more.token ?? "checker")?.text ?? more.token ?? "";
  const { env, folder } = podFolders(root.path, { url: at.remote(api), token, input: { ciFailure, ...more.input } });
  const settings = { GITHUB_API_URL: at.github.apiURL, CODYBATCH_CLONE_RETRY_SECONDS: "0.01" };
  const child = spawn(process.execPath, [main, "clone"], { env: { ...env, ...settings }, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (text) => (log += String(text)));
  await once(child, "close");
  const read = (path: string): unknown => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);
  const told = read(join(folder("git"), failingChecksFile));
  return {
    told: told === undefined ? undefined : FailingChecks.parse(told),
    base: read(join(folder("git"), "base.json")) as Ended["base"],
    result: read(join(folder("out"), "result.json")),
    log,
  };
}

describe("clone of an attempt that answers failed checks", () => {
  it("lays down what these said: titles, annotations, the end of the log, and statuses, each with the read token alone", async () => {
    await using at = await staged();
    const { hands } = at.github;
    const sha = (await hands.tip(api, "main"))!;
    const lines = Array.from({ length: 400 }, (_, line) => `2026-11-21T10:00:00.0000000Z line ${line}`);
    const log = [...lines, "2026-11-21T10:00:01.0000000Z ##[error]Process completed with exit code 1.", "Post job cleanup."].join("\n");
    hands.check(api, sha, {
      name: "test",
      conclusion: "failure",
      title: "1 test failed",
      summary: "See below.",
      annotations: [{ path: "src/a.ts", line: 12, level: "failure", message: "expected 24" }],
      log,
    });
    hands.check(api, sha, { name: "build", conclusion: "success", log: "all is well" });
    hands.check(api, sha, { name: "flaky", conclusion: "failure", log: "old" });
    hands.check(api, sha, { name: "flaky", conclusion: "success", log: "new" });
    hands.status(api, sha, "ci/legacy", "error");
    const { told, result, log: printed } = await clone(at, sha);
    expect(result).toBeUndefined();
    expect(told?.warnings).toEqual([]);
    const text = told?.text ?? "";
    expect(text).toContain('Check "test": failure\n\n1 test failed\n\nSee below.\n\nAnnotations:\nsrc/a.ts:12: failure: expected 24');
    expect(text).toContain("\nline 399\n##[error]Process completed with exit code 1.\nPost job cleanup.");
    expect(text).not.toContain("line 201\n");
    expect(text).toContain("The end of its log:\nline 202\n");
    expect(text).toContain('Status "ci/legacy": error');
    expect(text).not.toMatch(/build|flaky|all is well/);
    const asked = at.github.requests.filter(({ operation }) => !operation.startsWith("git/"));
    expect(new Set(asked.map(({ token, writes }) => `${token ?? "nobody"} ${writes}`))).toEqual(new Set(["checker false", "nobody false"]));
    expect(asked.filter(({ token }) => token === undefined).map(({ path, status }) => [path.split("/")[1], status])).toEqual([
      ["_logs", 200],
    ]);
    expect(printed + text).not.toContain("ghp_");
  });

  it("shows five checks at most, and names the others", async () => {
    await using at = await staged();
    const sha = (await at.github.hands.tip(api, "main"))!;
    for (let check = 0; check < 8; check += 1) {
      at.github.hands.check(api, sha, {
        name: `check-${check}`,
        conclusion: check === 0 ? "cancelled" : "failure",
        log: `${"x".repeat(99)}\n`.repeat(2000),
      });
    }
    const { told } = await clone(at, sha);
    expect(told?.text.match(/^Check /gm)).toHaveLength(5);
    expect(told?.text).toContain("Failed too: check-6; check-7; check-0");
    expect(Buffer.byteLength(told?.text ?? "")).toBeLessThan(100 * 1024);
  });

  it("makes hostile logs harmless: no codes, no bidi, no endless line", async () => {
    await using at = await staged();
    const sha = (await at.github.hands.tip(api, "main"))!;
    const log = [
      "a".repeat(5 * 1024 * 1024),
      "\u001b[31mred\u001b[0m \u001b]8;;http://evil\u0007link",
      "\u202Eevil\u2066 \u0000\u0008x",
      "seen\roverwritten",
      `token ghp_${"a1".repeat(18)}`,
    ].join("\n");
    at.github.hands.check(api, sha, { name: "\u202Ebad\n</data>", conclusion: "failure", summary: "\u001b[2Jgone", log });
    const { told } = await clone(at, sha);
    const text = told?.text ?? "";
    expect(text.length).toBeLessThan(8000);
    expect(text).toContain("[line cut,");
    expect(text).toContain("red link\n\\u{202e}evil\\u{2066}");
    expect(text).toContain("\noverwritten\ntoken [redacted]");
    // oxlint-disable-next-line no-control-regex -- what must not be there
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
    expect(text).toContain('Check "\\\\u{202e}bad </data>": failure\n\ngone');
  });
});

describe("what cannot be had is said, and the attempt goes on", () => {
  it.each([
    ["the token may read nothing but the files of a private repository", "read", "acme/vault", ["checks:read", "statuses:read"]],
    ["there is no token", "", api, ["there is no read credential"]],
  ])("when %s", async (_what, token, name, words) => {
    await using at = await staged();
    const sha = (await at.github.hands.tip(name, "main"))!;
    at.github.hands.check(name, sha, { name: "test", conclusion: "failure", log: "x" });
    const repository = { url: at.remote(name), name, branch: "HEAD" };
    const { told, base, result } = await clone(at, sha, { token, input: { repository } });
    expect(result).toBeUndefined();
    expect(base?.commit).toBe(sha);
    expect(told?.warnings).toHaveLength(words.length);
    for (const [index, word] of words.entries()) expect(told?.warnings[index]).toContain(word);
    expect(told?.text).toBe(told?.warnings.join("\n\n"));
  });

  it.each([
    ["the log is gone", { operation: "actions/download-job-logs-for-workflow-run", status: 410 }, "GitHub has it no longer"],
    ["the token may not read logs", { operation: "actions/download-job-logs-for-workflow-run", status: 403 }, "actions:read"],
    [
      "GitHub limits for long",
      { operation: "actions/download-job-logs-for-workflow-run", status: 429, retryAfterSeconds: 600 },
      "limit of requests",
    ],
    ["the host is down", { operation: "actions/download-job-logs-for-workflow-run", status: 503 }, "answers 503"],
    ["annotations are refused", { operation: "checks/list-annotations", status: 403 }, "Annotations could not be read"],
  ])("when %s", async (_what, fault, word) => {
    await using at = await staged();
    const sha = (await at.github.hands.tip(api, "main"))!;
    const annotations = [{ path: "a", line: 1, level: "failure", message: "m" }] as const;
    at.github.hands.check(api, sha, { name: "test", conclusion: "failure", title: "One failed", log: "x", annotations: [...annotations] });
    at.github.fail({ ...fault, times: "always" });
    const { told, result } = await clone(at, sha);
    expect(result).toBeUndefined();
    expect(told?.warnings).toEqual([expect.stringContaining(word)]);
    expect(told?.text).toContain('Check "test": failure\n\nOne failed');
  });

  it("when no check fails any more", async () => {
    await using at = await staged();
    const sha = (await at.github.hands.tip(api, "main"))!;
    expect((await clone(at, sha)).told).toEqual({
      text: "None of the checks fails any more.",
      warnings: ["None of the checks fails any more."],
    });
  });
});

describe("the commit that is cloned", () => {
  const resume = (baseCommit: string): Partial<RunInput> => ({ resume: { digest: "sha256:0", baseCommit, fromPod: "pod" } });

  it("is the one that the published change starts from, although the branch has moved", async () => {
    await using at = await staged();
    const before = (await at.github.hands.tip(api, "main"))!;
    await at.github.hands.commit(api, { by: "ann", branch: "main", files: { "new.txt": "x\n" } });
    const { base } = await clone(at, before, { input: resume(before) });
    expect(base).toMatchObject({ commit: before, branch: "main" });
  });

  it("is the branch's when that one is gone", async () => {
    await using at = await staged();
    const tip = (await at.github.hands.tip(api, "main"))!;
    const { base, result } = await clone(at, tip, { input: resume("1".repeat(40)) });
    expect(result).toBeUndefined();
    expect(base?.commit).toBe(tip);
  });

  it("is the branch's for any other attempt, and nothing is asked about checks", async () => {
    await using at = await staged();
    const before = (await at.github.hands.tip(api, "main"))!;
    const tip = await at.github.hands.commit(api, { by: "ann", branch: "main", files: { "new.txt": "x\n" } });
    const { base, told } = await clone(at, before, { input: { ...resume(before), ciFailure: undefined } });
    expect(base?.commit).toBe(tip);
    expect(told).toBeUndefined();
    expect(at.github.requests.every(({ operation }) => operation.startsWith("git/"))).toBe(true);
  });
});
