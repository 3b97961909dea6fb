import { describe, expect, it } from "vitest";
import { acme, stage } from "../../../local/src/github/testing/stage.ts";
import { Publication } from "./testing/publication.ts";

const api = "acme/api";
const calls = [
  "repos/get",
  "pulls/list",
  "git/refs",
  "git/fetch",
  "git/push",
  "pulls/create",
  "pulls/update",
  "issues/add-labels",
  "pulls/request-reviewers",
];
/** What is only a wish beside a pull request that is there. */
const besides = new Set(["issues/add-labels", "pulls/request-reviewers"]);
const isUpdate = (operation: string): boolean => operation === "pulls/update";

interface Fault {
  readonly status?: number;
  readonly reset?: true;
  readonly retryAfterSeconds?: number;
  readonly at?: "after";
}

/** Publishes under a fault, then without, and holds what is always true. */
async function under(operation: string, fault: Fault, times: number | "always"): Promise<string> {
  await using at = await stage();
  using first = new Publication(at);
  if (isUpdate(operation)) await first.run();
  using one = new Publication(at, isUpdate(operation) ? { files: { "src/node.txt": "25\n" }, input: { title: "Another" } } : {});
  at.github.fail({ operation, times, ...fault });
  const { result } = await one.run({ config: { limitSeconds: 1 } });
  at.github.heal();
  const told = result?.outcome.kind === "Refused" ? result.outcome.reason : String(result?.outcome.kind);
  // What may pass is run again as it is.
  const last = told === "Unavailable" ? (await one.run()).result : result;
  expect(last?.outcome.kind).not.toBe("Unavailable");
  const { hands, pushes, requests } = at.github;
  expect(hands.repository(api).pulls.length).toBeLessThanOrEqual(1);
  expect(pushes.some(({ forced }) => forced)).toBe(false);
  expect(requests.filter(({ early }) => early)).toEqual([]);
  expect(requests.filter(({ token }) => token === "read")).toEqual([]);
  return `${told}${(result?.warnings.length ?? 0) > 0 ? " with a warning" : ""}`;
}

describe("a fault that passes", () => {
  const passing = calls.flatMap((call) => [
    [call, "answers 502", { status: 502 }] as const,
    [call, "breaks off after it took effect", { reset: true, at: "after" }] as const,
  ]);

  it.each(passing)("%s %s: published all the same", async (call, _what, fault) => {
    expect(await under(call, fault, 1)).toBe("Published");
  });

  it.each(["pulls/create", "git/push"])("%s breaks off before it took effect: published all the same", async (call) => {
    expect(await under(call, { reset: true }, 1)).toBe("Published");
  });

  it.each(["pulls/create", "git/push"])("%s is limited for no time at all: published all the same", async (call) => {
    expect(await under(call, { status: 429, retryAfterSeconds: 0 }, 1)).toBe("Published");
  });
});

describe("a fault that stays", () => {
  const refusal = (call: string, reason: string): string => (besides.has(call) ? "Published with a warning" : reason);
  const isPull = (call: string): boolean => call.startsWith("pulls/");
  const staying = calls.flatMap((call) => [
    [call, 403, refusal(call, isPull(call) ? "PermissionMissing" : "NotOwned")] as const,
    [call, 404, refusal(call, isPull(call) ? "PullRequestRefused" : "NotOwned")] as const,
    [call, 503, "Unavailable"] as const,
  ]);

  it.each(staying)("%s answers %i: %s", async (call, status, expected) => {
    expect(await under(call, { status }, "always")).toBe(expected);
  });

  it.each(["pulls/list", "git/push", "issues/add-labels"])("%s answers 401: the credential is rejected", async (call) => {
    expect(await under(call, { status: 401 }, "always")).toBe("CredentialRejected");
  });

  it.each(["pulls/create", "pulls/update", "issues/add-labels", "pulls/request-reviewers"])("%s answers 422", async (call) => {
    expect(await under(call, { status: 422 }, "always")).toBe(refusal(call, "PullRequestRefused"));
  });

  it.each(calls)("%s is limited for longer than a Job waits: it ends and says until when", async (call) => {
    expect(await under(call, { status: 429, retryAfterSeconds: 300 }, "always")).toBe("RateLimited");
  });
});

describe("limits", () => {
  it("that are short are waited for, and no request comes before its time", async () => {
    const names = ["acme/a", "acme/b", "acme/c"];
    const repositories = names.map((name) => ({ ...acme.repositories[0]!, name }));
    await using at = await stage({ repositories, limits: { content: [{ requests: 4, seconds: 1 }] } });
    const all = names.map((repository) => new Publication(at, { repository }));
    const ended = await Promise.all(all.map(async (one) => await one.run()));
    expect(ended.map(({ result }) => result?.outcome.kind)).toEqual(["Published", "Published", "Published"]);
    expect(at.github.requests.some(({ status }) => status === 403)).toBe(true);
    expect(at.github.requests.filter(({ early }) => early)).toEqual([]);
    for (const one of all) one[Symbol.dispose]();
  });

  it("that are used up name the time of the reset", async () => {
    const now = Date.UTC(2026, 10, 21, 12);
    await using at = await stage({ limits: { core: 2 } }, () => now);
    using one = new Publication(at);
    const { result } = await one.run({ now: () => now });
    expect(result?.outcome).toMatchObject({ kind: "RateLimited", until: "2026-11-21T13:00:00.000Z" });
    expect(at.github.hands.repository(api).pulls).toEqual([]);
  });
});
