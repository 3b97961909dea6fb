import { expect, it } from "vitest";
import { RunEvent } from "./event.ts";

const place = { at: "2026-11-21T10:00:00.000Z", turn: 1 };
const usage = { turns: 1, input: 1, output: 2, cacheRead: 3, cacheWrite: 4, costNanoUSD: 5 };

/** Lines as version 1 has stored them. Add to this list, never change it: users keep such files. */
const stored: readonly object[] = [
  { kind: "started", version: 1, ...place, changeset: "a-0123456789", attempt: 0, try: 1, model: "claude-sonnet-5-5" },
  {
    kind: "started",
    version: 1,
    ...place,
    changeset: "a",
    attempt: 1,
    try: 2,
    model: "m",
    baseCommit: "c",
    resumedFrom: "p",
    standIn: true,
  },
  { kind: "system", ...place, text: "Rules.", tools: ["read_file"] },
  { kind: "user", ...place, content: [{ type: "text", text: "Do it." }] },
  { kind: "assistant", ...place, messageID: "msg_1", stopReason: "tool_use", content: [{ type: "thinking" }], usage, durationMs: 9 },
  { kind: "tool", ...place, toolUseID: "toolu_1", name: "read_file", isError: false, output: "text", durationMs: 1 },
  { kind: "check", ...place, name: "test", exitCode: 1, durationMs: 1, output: "failed" },
  { kind: "retry", ...place, cause: "529 overloaded_error", waitMs: 1000 },
  { kind: "retry", ...place, cause: "silence", waitMs: 0, assumedNanoUSD: 7 },
  { kind: "nudge", ...place, cause: "Limit", text: "Finish." },
  { kind: "started", version: 1, ...place, changeset: "a", attempt: 0, try: 1, model: "m", reviewModel: "n" },
  { kind: "review", ...place, round: 1, model: "n", text: "Judge.", content: [{ type: "text", text: "The change." }] },
  { kind: "reviewer", ...place, messageID: "msg_2", stopReason: "tool_use", content: [], usage, durationMs: 9, standIn: true },
  { kind: "verdict", ...place, round: 1, approved: false, reasons: ["It also reformats."] },
  { kind: "verdict", ...place, round: 2, approved: true, reasons: [], partial: true },
  { kind: "patch", ...place, digest: "sha256:0", bytes: 1, filesChanged: 1 },
  { kind: "ended", ...place, reason: "Reported", message: "Done." },
];

it.each(stored.map((line) => [JSON.stringify(line), line]))("a stored line of version 1 stays readable: %s", (_, line) => {
  expect(RunEvent.parse(line)).toEqual(line);
});

it("every kind is among the stored lines", () => {
  const kinds = RunEvent.options.map((option) => option.shape.kind.value);
  expect(new Set(stored.map((line) => ("kind" in line ? line.kind : "")))).toEqual(new Set(kinds));
});

it("a field that a later release adds is passed over", () => {
  expect(RunEvent.parse({ kind: "nudge", ...place, cause: "Limit", text: "x", more: 1 })).not.toHaveProperty("more");
});
