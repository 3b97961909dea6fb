import type { RunReason } from "@codybatch/crds";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { plainGit } from "../../../../runner/src/git/testing/repository.ts";
import { edits, reads, reports } from "../model.ts";
import { stage, type Stage, type Turn } from "./strict.ts";

const change: readonly Turn[] = [{ ...reads("package.json"), thinking: "Look first." }, edits("package.json", '"20"', '"24"')];
const search = (pattern: string): Turn => ({ tools: [{ name: "search_code", input: { pattern } }] });
const failing = (...faults: readonly object[]): Turn => ({ say: "Never heard.", faults });
const tooLong = { name: "write_file", input: { path: "long.txt", content: "long\n".repeat(20_000) } };

interface Case {
  readonly reason: RunReason;
  readonly says: RegExp;
  /** Said after a change was made. */
  readonly after: readonly Turn[];
  readonly options?: Parameters<typeof stage>[1];
}

const cases: readonly (readonly [string, Case])[] = [
  ["the model refuses", { reason: "Refused", says: /cyber: No\./, after: [{ refusal: { category: "cyber", explanation: "No." } }] }],
  ["the context is full", { reason: "ContextExceeded", says: /context/, after: [{ say: "x", stop: "model_context_window_exceeded" }] }],
  ["no report comes", { reason: "NotReported", says: /without a report/, after: [{ say: "I am done." }] }],
  ["it stops at a sequence", { reason: "NotReported", says: /without a report/, after: [{ say: "I am", stop: "stop_sequence" }] }],
  ["the same is asked again and again", { reason: "Stuck", says: /same tool call/, after: [reads("src/index.js")] }],
  ["every answer is cut off", { reason: "Stuck", says: /4 answers in a row were cut off/, after: [{ say: "long ".repeat(20_000) }] }],
  ["every call is cut off", { reason: "Stuck", says: /4 answers in a row were cut off/, after: [{ tools: [tooLong] }] }],
  [
    "turns are used up",
    {
      reason: "TurnsExhausted",
      says: /All 5 turns.*maxTurns/,
      after: [1, 2, 3, 4].map((n) => search(`p${n}`)),
      options: { agent: { maxTurns: 5 } },
    },
  ],
  [
    "it pauses for ever",
    { reason: "TurnsExhausted", says: /maxTurns/, after: [{ say: "hm", stop: "pause_turn" }], options: { agent: { maxTurns: 5 } } },
  ],
  [
    "tokens are used up",
    {
      reason: "TokensExhausted",
      says: /maxTokens/,
      after: [1, 2, 3, 4].map((n) => search(`p${n}`)),
      options: { agent: { maxTokens: 20_000 } },
    },
  ],
  [
    "money is used up",
    {
      reason: "BudgetExhausted",
      says: /maxCostUSD/,
      after: [1, 2, 3, 4, 5, 6].map((n) => ({ say: "word ".repeat(800), ...search(`p${n}`) })),
      options: { agent: { maxCostNanoUSD: 40_000_000 } },
    },
  ],
  [
    "time is over",
    {
      reason: "DeadlineExceeded",
      says: /timeout/,
      after: [{ say: "late", delayMs: 600_000 }],
      options: { agent: { timeout: "2s" }, config: { idleSeconds: 60 } },
    },
  ],
  [
    "the API stays overloaded",
    { reason: "ApiUnavailable", says: /529 overloaded_error.*5 retries/, after: [failing({ status: 529, times: "always" })] },
  ],
  [
    "the API stays broken",
    { reason: "ApiUnavailable", says: /500 api_error.*5 retries/, after: [failing({ status: 500, times: "always" })] },
  ],
  [
    "it asks to wait for a day",
    { reason: "ApiUnavailable", says: /429 rate_limit_error/, after: [failing({ status: 429, retryAfter: 86_400 })] },
  ],
  [
    "every stream is overloaded",
    {
      reason: "ApiUnavailable",
      says: /overloaded_error.*5 retries/,
      after: [failing({ midStreamError: "overloaded_error", times: "always" })],
    },
  ],
  ["every stream breaks off", { reason: "ApiUnavailable", says: /5 retries/, after: [failing({ truncate: true, times: "always" })] }],
  [
    "every stream falls silent",
    { reason: "ApiUnavailable", says: /silence.*5 retries/, after: [failing({ stall: true, times: "always" })] },
  ],
  ["the key is wrong", { reason: "ApiRejected", says: /401.*anthropicSecret/, after: [failing({ status: 401 })] }],
  ["the account cannot pay", { reason: "ApiRejected", says: /402.*billing/, after: [failing({ status: 402 })] }],
  ["the key may not", { reason: "ApiRejected", says: /403.*what the key may do/, after: [failing({ status: 403 })] }],
  ["the model is not there", { reason: "ApiRejected", says: /404.*spec\.agent\.model/, after: [failing({ status: 404 })] }],
  ["the request is too large", { reason: "ApiRejected", says: /413.*Narrow/, after: [failing({ status: 413 })] }],
  ["the request is invalid", { reason: "ApiRejected", says: /400.*spec\.agent\.model/, after: [failing({ status: 400 })] }],
  ...["enforced_spend_limit_reached", "contract_spend_limit_reached", "ramp_limit_exceeded", "organization_on_hold"].map(
    (errorCode) =>
      [errorCode, { reason: "ApiRejected", says: /spending limit/, after: [failing({ status: 429, errorCode, retryAfter: 1 })] }] as const,
  ),
];

/** The user's side: the work so far can be taken with git, and the transcript tells all of it. */
function expectKept({ pod }: Stage, reason: RunReason, says: RegExp): void {
  expect(pod.result()).toMatchObject({ reason, message: expect.stringMatching(says) as string, patch: { filesChanged: 1 } });
  const fresh = join(pod.root, "fresh");
  plainGit(pod.root, "clone", "--quiet", pod.origin, fresh);
  plainGit(fresh, "apply", "--index", join(pod.config.outDir, "change.patch"));
  expect(readFileSync(join(fresh, "package.json"), "utf8")).toContain('"node": "24"');
  const events = pod.events();
  expect(events.slice(0, 5).map(({ kind }) => kind)).toEqual(["started", "system", "user", "assistant", "tool"]);
  expect(events.filter(({ kind }) => kind === "assistant")).toHaveLength(pod.result().usage.turns);
  expect(events.at(-1)).toMatchObject({ kind: "ended", reason });
}

describe("a run keeps diff and transcript, and nothing that the API refuses was sent, when", () => {
  test.each(cases)("%s", async (_, { reason, says, after, options }) => {
    await using on = await stage([...change, ...after], options);
    await on.pod.run();
    expect(on.refusals).toEqual([]);
    expectKept(on, reason, says);
  });

  test("it is asked to end in the middle of an answer", async () => {
    await using on = await stage([...change, failing({ stall: true })], { config: { idleSeconds: 60 } });
    const interrupt = new AbortController();
    const run = on.pod.run({ interrupt: interrupt.signal });
    await expect.poll(() => on.pod.events().filter(({ kind }) => kind === "patch"), { timeout: 60_000 }).toHaveLength(1);
    await expect.poll(() => on.pod.progress().inFlightNanoUSD, { timeout: 60_000 }).toBeGreaterThan(0);
    interrupt.abort();
    await run;
    expectKept(on, "Interrupted", /asked to end/);
  });
});

test("a report that is written, because none was called, is taken like a call", async () => {
  const silent: readonly Turn[] = [{ say: "Done." }, { say: "Done!" }, { say: "Done!!" }];
  await using on = await stage([...change, ...silent, reports(true, "Done."), reports(true, "Done.")]);
  await on.pod.run();
  expect(on.refusals).toEqual([]);
  expect(on.pod.result()).toMatchObject({ reason: "Reported", usage: { turns: 7 }, report: { filesChanged: 1 } });
  expect(on.pod.events().flatMap((event) => (event.kind === "nudge" ? [event.cause] : []))).toEqual([
    "NoReport",
    "NoReport",
    "WrittenReport",
    "WrittenReport",
  ]);
});

describe("passing failures leave no trace in the change", () => {
  const once: readonly (readonly [string, readonly object[]])[] = [
    ["overloads before and within streams", [{ status: 529, times: 2 }, { midStreamError: "overloaded_error" }]],
    ["a rate limit that asks for patience", [{ status: 429, retryAfter: 0.05 }]],
    ["streams that break off and fall silent", [{ truncate: true }, { stall: true }]],
  ];
  test.each(once)("%s", async (_, faults) => {
    const [read, edit] = change;
    await using on = await stage([
      { ...read, faults },
      { ...edit, faults },
      { ...reports(true, "Done."), faults },
    ]);
    await on.pod.run();
    expect(on.refusals).toEqual([]);
    expect(on.pod.result()).toMatchObject({ reason: "Reported", usage: { turns: 4 }, report: { filesChanged: 1 } });
    const times = faults.reduce((sum: number, fault) => sum + ("times" in fault ? Number(fault.times) : 1), 0);
    expect(on.pod.events().filter(({ kind }) => kind === "retry")).toHaveLength(4 * times);
  });
});
