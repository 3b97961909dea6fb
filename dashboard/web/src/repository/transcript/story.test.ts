import { type ShownEvent, TranscriptItem } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { storyOf } from "./story.ts";
import { secondsOf, summaryOf } from "./summary.ts";

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
