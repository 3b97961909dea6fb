import { describe, expect, it } from "vitest";
import { acme, stage } from "../../../local/src/github/testing/stage.ts";
import { Publication } from "./testing/publication.ts";
import { calls, under } from "./testing/under.ts";

const api = "acme/api";
describe.concurrent("a fault that passes", () => {
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

describe.concurrent("limits", () => {
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
