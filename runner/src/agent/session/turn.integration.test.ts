import { describe, expect, it } from "vitest";
import { startApi, type Api as Server } from "../testing/api.ts";
import { say } from "../testing/replies.ts";
import type { Go } from "./limits.ts";
import { Api } from "./stream.ts";
import { takeTurn, type TurnParts } from "./turn.ts";

const go: Go = { kind: "go", maxOutputTokens: 1024, worstNanoUSD: 7, worstTokens: 2000 };
const request = { model: "claude-sonnet-5-5", max_tokens: 1024, messages: [{ role: "user" as const, content: "Go on." }] };

function apiAt({ url }: Server): Api {
  const network = { httpProxy: undefined, httpsProxy: undefined, noProxy: undefined, caFile: undefined };
  return new Api({ apiKey: "k", baseURL: url, idleMs: 10_000, network });
}

function partsOf(server: Server, stored: () => Promise<void>): { readonly parts: TurnParts; readonly lost: readonly unknown[] } {
  const lost: unknown[] = [];
  const parts: TurnParts = {
    api: apiAt(server),
    modelField: "spec.agent.model",
    firstWaitMs: 1,
    deadline: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    now: Date.now,
    random: Math.random,
    record: () => Promise.resolve(),
    sending: () => Promise.resolve(),
    stored,
    lost: (...what) => Promise.resolve(void lost.push(what)),
    again: () => undefined,
  };
  return { parts, lost };
}

describe("while the disk gets what led to it, a request", () => {
  it("goes out at once, and its answer waits", async () => {
    const disk = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    await using api = await startApi(() => (answered.resolve(), say("Done.")));
    const { parts, lost } = partsOf(api, () => disk.promise);
    const outcomes: string[] = [];
    const turn = takeTurn(parts, request, go).then(({ kind }) => outcomes.push(kind));
    await answered.promise;
    // Another one comes back that was sent later, so this one's answer is there too.
    await apiAt(api).ask(request, parts.signal);
    expect(outcomes).toEqual([]);
    disk.resolve();
    await turn;
    expect([outcomes, lost]).toEqual([["answer"], []]);
  });

  it("is counted at its worst when the disk fails, and ends the run", async () => {
    await using api = await startApi(() => say("Done."));
    const { parts, lost } = partsOf(api, () => Promise.reject(new Error("the disk is gone")));
    await expect(takeTurn(parts, request, go)).rejects.toThrow("the disk is gone");
    expect(api.requests.length).toBe(1);
    expect(lost).toEqual([[go, true]]);
  });
});
