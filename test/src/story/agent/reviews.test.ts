import type { RunReason } from "@codybatch/crds";
import { describe, expect, test } from "vitest";
import { edits, judges, reads, reports } from "../model.ts";
import { stage, type Turn } from "./strict.ts";

const change: readonly Turn[] = [
  reads("package.json"),
  edits("package.json", '"20"', '"24"'),
  reports(true, "Done."),
  reports(true, "Done."),
];
const verdict = (approved: boolean, ...reasons: readonly string[]): Turn => ({
  ...judges(approved, ...reasons),
  thinking: "Is it all there? 🎉",
});
const input = { review: { model: "claude-opus-5-5" } };
const failing = (...faults: readonly object[]): Turn => ({ say: "Never heard.", faults });

interface Case {
  readonly reviews: readonly (readonly Turn[])[];
  readonly reason: RunReason;
  readonly says: RegExp;
  /** Verdicts that were heard. */
  readonly verdicts: readonly boolean[];
  /** Requests of the reviewing model that were answered. */
  readonly answers: number;
}

const cases: readonly (readonly [string, Case])[] = [
  ["approves", { reviews: [[verdict(true)]], reason: "Reported", says: /Done\./, verdicts: [true], answers: 1 }],
  [
    "vetoes once",
    {
      reviews: [[verdict(false, "a.js: half done.")], [verdict(true)]],
      reason: "Reported",
      says: /Done\./,
      verdicts: [false, true],
      answers: 2,
    },
  ],
  [
    "vetoes twice",
    {
      reviews: [[verdict(false, "a.js: half done.")]],
      reason: "ReviewRejected",
      says: /a\.js: half done\./,
      verdicts: [false, false],
      answers: 2,
    },
  ],
  [
    "answers malformed once",
    { reviews: [[{ say: "Fine!" }, verdict(true)]], reason: "Reported", says: /Done\./, verdicts: [true], answers: 2 },
  ],
  [
    "calls malformed once",
    {
      reviews: [[{ tools: [{ name: "give_verdict", input: { approved: "yes" } }] }, verdict(true)]],
      reason: "Reported",
      says: /Done\./,
      verdicts: [true],
      answers: 2,
    },
  ],
  [
    "answers malformed for ever",
    { reviews: [[{ say: "Fine!" }]], reason: "ReviewUnavailable", says: /no verdict/, verdicts: [], answers: 2 },
  ],
  [
    "pauses, then approves",
    { reviews: [[{ say: "Hm.", stop: "pause_turn" }, verdict(true)]], reason: "Reported", says: /Done\./, verdicts: [true], answers: 2 },
  ],
  [
    "refuses",
    {
      reviews: [[{ refusal: { category: "cyber", explanation: "No." } }]],
      reason: "ReviewUnavailable",
      says: /refused \(cyber: No\.\)/,
      verdicts: [],
      answers: 1,
    },
  ],
  [
    "stays overloaded",
    {
      reviews: [[failing({ status: 529, times: "always" })]],
      reason: "ApiUnavailable",
      says: /529 overloaded_error/,
      verdicts: [],
      answers: 0,
    },
  ],
  [
    "is overloaded for a moment",
    {
      reviews: [[{ ...verdict(true), faults: [{ status: 529 }, { truncate: true }] }]],
      reason: "Reported",
      says: /Done\./,
      verdicts: [true],
      answers: 1,
    },
  ],
  [
    "does not exist",
    { reviews: [[failing({ status: 404 })]], reason: "ApiRejected", says: /404.*spec\.review\.model/, verdicts: [], answers: 0 },
  ],
];

describe("the strict stand-in refuses nothing that is sent, and the change is kept, when the second opinion", () => {
  test.each(cases)("%s", async (_, { reviews, reason, says, verdicts, answers }) => {
    await using on = await stage(change, { reviews, input });
    await on.pod.run();
    expect(on.refusals).toEqual([]);
    expect(on.pod.result()).toMatchObject({ reason, message: expect.stringMatching(says) as string, patch: { filesChanged: 1 } });
    const events = on.pod.events();
    expect(events.flatMap((event) => (event.kind === "verdict" ? [event.approved] : []))).toEqual(verdicts);
    expect(events.filter(({ kind }) => kind === "reviewer")).toHaveLength(answers);
    const usages = events.flatMap((event) => (event.kind === "assistant" || event.kind === "reviewer" ? [event.usage] : []));
    const assumed = events.flatMap((event) => (event.kind === "retry" ? [event.assumedNanoUSD ?? 0] : []));
    const { usage } = on.pod.result();
    expect(usages).toHaveLength(usage.turns);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
    expect(sum([...usages.map(({ costNanoUSD = 0 }) => costNanoUSD), ...assumed])).toBe(usage.costNanoUSD);
    expect(sum(usages.map((one) => one.cacheRead))).toBe(usage.cacheRead);
  });
});
