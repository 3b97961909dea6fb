import { type ShownEvent, TranscriptItem } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { SoFar } from "./so-far.ts";
import { type Step, story } from "./story.ts";
import { secondsOf, sum, summaryOf as sentenceOf } from "./summary.ts";

const at = "2026-11-21T21:00:00Z";
const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, turns: 1 };

function transcript(...events: readonly Record<string, unknown>[]): readonly TranscriptItem[] {
  return events.map((event, index) => TranscriptItem.parse({ n: index + 1, event: { at, ...event } as ShownEvent }));
}

const answer = (turn: number, ...content: readonly unknown[]) => ({
  kind: "assistant",
  turn,
  messageID: "m",
  stopReason: "tool_use",
  durationMs: 10,
  usage,
  content,
});
const call = (name: string, path?: string) => ({ type: "tool_use", id: `${name}${path}`, name, input: path === undefined ? {} : { path } });
const tool = (turn: number, name: string, isError = false) => ({
  kind: "tool",
  turn,
  toolUseID: name,
  name,
  isError,
  output: "…",
  durationMs: 1,
});
const check = (turn: number, exitCode: number) => ({ kind: "check", turn, name: "test", exitCode, durationMs: 1, output: "" });

const storyOf = (items: readonly TranscriptItem[]): readonly Step[] => new SoFar(story).of(items).steps;
const summaryOf = (items: readonly TranscriptItem[]): string => sentenceOf(new SoFar(sum).of(items));

const whole = transcript(
  { kind: "started", turn: 0, version: 1, changeset: "c", attempt: 0, try: 1, model: "claude-sonnet-5-5" },
  { kind: "system", turn: 0, text: "…", tools: [] },
  { kind: "user", turn: 0, content: [{ type: "text", text: "Do it" }] },
  answer(1, { type: "text", text: "I look around." }, call("read_file", "a.ts"), call("read_file", "b.ts")),
  tool(1, "read_file"),
  tool(1, "read_file"),
  answer(2, call("read_file", "c.ts"), call("search_code")),
  tool(2, "read_file"),
  answer(3, call("edit_file", "a.ts")),
  tool(3, "edit_file"),
  { kind: "patch", turn: 3, digest: "d", bytes: 1, filesChanged: 1 },
  answer(4, call("run_check")),
  check(4, 1),
  answer(5, call("edit_file", "a.ts"), call("write_file", "d.ts"), call("run_check")),
  check(5, 0),
  { kind: "nudge", turn: 5, cause: "NoReport", text: "Report\nnow." },
  answer(6, call("report_result")),
  { kind: "ended", turn: 6, reason: "Reported", message: "Done." },
);

it("tells one line a step", () => {
  expect(storyOf(whole).map(({ text, tone }) => `${tone}: ${text}`)).toEqual([
    "neutral: Began with claude-sonnet-5-5",
    "neutral: Was given the task",
    "neutral: Read 3 files, searched",
    "neutral: Edited 1 file: a.ts",
    "bad: Check test failed",
    "good: Edited and wrote 2 files: a.ts, d.ts, fixed: check test passed",
    "mixed: Was reminded: Report now.",
    "good: Reported",
    "good: Ended: Done.",
  ]);
});

it("puts every event of a turn into its step, and links by the first", () => {
  const reading = storyOf(whole).find(({ text }) => text.startsWith("Read"));
  expect(reading?.n).toBe(4);
  expect(reading?.events.map(({ n }) => n)).toEqual([4, 5, 6, 7, 8]);
  expect(reading?.said).toBeUndefined();
});

it("says it all in one line", () => {
  expect(summaryOf(whole)).toBe("Read 3 files, changed 2 files, checks failed, fixed, passed");
  expect(summaryOf([])).toBe("Nothing was done yet");
  expect(secondsOf(whole)).toBe(0);
});

it("tells the same of what is there when more is appended", () => {
  const early = storyOf(whole.slice(0, 11));
  expect(storyOf(whole).slice(0, early.length - 1)).toEqual(early.slice(0, -1));
});

/** The same numbers for the same seed, each from 0 and below `below`. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function anything(roll: (below: number) => number): readonly TranscriptItem[] {
  let turn = 1;
  const kinds = [
    () => answer((turn += 1), call("read_file", `r${roll(9)}`)),
    () => answer((turn += roll(2)), call("search_code"), call("edit_file", `e${roll(9)}`)),
    () => answer((turn += 1), { type: "text", text: "Only words." }),
    () => tool(turn, "read_file", roll(5) === 0),
    () => check(turn, roll(2)),
    () => ({ kind: "nudge", turn, cause: "NoReport", text: "Report now." }),
    () => ({ kind: "system", turn, text: "…", tools: [] }),
  ];
  return transcript(...Array.from({ length: 60 }, () => kinds[roll(3) === 0 ? roll(kinds.length) : roll(4)]?.() ?? {}));
}

it("comes to the same whether it is told at once or further and further, and leaves settled steps as they are", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const roll = dice(seed);
    const items = anything(roll);
    const [told, summed] = [new SoFar(story), new SoFar(sum)];
    for (let shown = 0; shown < items.length;) {
      const before = told.of(items.slice(0, shown)).steps;
      shown = Math.min(items.length, shown + 1 + roll(12));
      const some = items.slice(0, shown);
      const { steps } = told.of(some);
      expect(steps, `seed ${seed}, ${shown} events`).toEqual(storyOf(some));
      expect(before.slice(0, -1).every((step, place) => steps[place] === step)).toBe(true);
      expect(sentenceOf(summed.of(some))).toBe(summaryOf(some));
    }
  }
});

it("begins anew with what does not go on from before", () => {
  const told = new SoFar(story);
  told.of(whole);
  const other = transcript(answer(1, call("edit_file", "other")));
  expect(told.of(other).steps).toEqual(storyOf(other));
  expect(told.of([]).steps).toEqual([]);
  expect(told.of(whole.slice(0, 5)).steps).toEqual(storyOf(whole.slice(0, 5)));
});

it("keeps hostile text in one visible line", () => {
  const [, step] = storyOf(
    transcript(
      { kind: "started", turn: 0, version: 1, changeset: "c", attempt: 0, try: 1, model: "m" },
      answer(1, { type: "text", text: "a\u001B[31m\n\u202Eb" }, { type: "tool_use", id: 1, name: "x\ny", input: null }, null, 7),
    ),
  );
  expect(step).toMatchObject({ said: "a ‹U+202E›b", text: "Called x y" });
});

it("marks a turn whose tool failed", () => {
  const [step] = storyOf(transcript(answer(1, call("edit_file", "a")), tool(1, "edit_file", true)));
  expect(step).toMatchObject({ tone: "mixed", text: "Edited 1 file: a, 1 call of a tool failed" });
});
