import { describe, expect, it } from "vitest";
import type { Answer } from "../session/stream.ts";
import { hear } from "./verdict.ts";

const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
const verdict = (input: unknown, name = "give_verdict", id = "t1") => ({ type: "tool_use" as const, id, name, input });
function answer(content: Answer["content"], stopReason = "tool_use", refusal?: string): Answer {
  return { id: "msg_1", content, stopReason, refusal, usage, standIn: false };
}

const veto = { approved: false, reasons: ["a.js: the test is gone."] };

describe("an answer", () => {
  it.each([
    ["an approval without reasons", { approved: true, reasons: [] }, { approved: true, reasons: [] }],
    ["an approval with one", { approved: true, reasons: ["All done."] }, { approved: true, reasons: ["All done."] }],
    ["a veto", veto, veto],
  ])("is a verdict: %s", (_, input, said) => {
    expect(hear(answer([{ type: "text", text: "So:" }, verdict(input)]))).toEqual({ kind: "verdict", ...said });
  });

  it.each<[string, Answer]>([
    ["text that says yes", answer([{ type: "text", text: '{"approved": true, "reasons": []}' }], "end_turn")],
    ["nothing", answer([], "end_turn")],
    ["another tool", answer([verdict({ approved: true, reasons: [] }, "report_result")])],
    ["a missing field", answer([verdict({ approved: true })])],
    ["a word for the truth", answer([verdict({ approved: "true", reasons: [] })])],
    ["a further field", answer([verdict({ approved: true, reasons: [], sure: true })])],
    ["no object", answer([verdict("approved")])],
    ["a veto without a reason", answer([verdict({ approved: false, reasons: [] })])],
    ["a veto with blank reasons", answer([verdict({ approved: false, reasons: [" \n"] })])],
    ["two verdicts", answer([verdict({ approved: true, reasons: [] }), verdict({ approved: true, reasons: [] }, "give_verdict", "t2")])],
    ["a verdict that was cut off", answer([verdict({ approved: true, reasons: [] })], "max_tokens")],
    ["a verdict before a stop of unknown kind", answer([verdict({ approved: true, reasons: [] })], "something_new")],
  ])("is no verdict, and each call in it is answered: %s", (_, said) => {
    const heard = hear(said);
    expect(heard.kind).toBe("unclear");
    const ids = said.content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
    const reply = heard.kind === "unclear" ? heard.reply : [];
    expect(reply.map((block) => (block.type === "tool_result" ? [block.tool_use_id, block.is_error] : block.type))).toEqual(
      ids.length === 0 ? ["text"] : ids.map((id) => [id, true]),
    );
  });

  it.each<[string, Answer, RegExp]>([
    ["a refusal", answer([], "refusal", "cyber: No."), /it refused \(cyber: No\.\)/],
    ["a refusal without words", answer([], "refusal"), /^it refused$/],
    ["a refusal beside an approval", answer([verdict({ approved: true, reasons: [] })], "refusal"), /refused/],
    ["a full context", answer([], "model_context_window_exceeded"), /context/],
  ])("ends the asking: %s", (_, said, why) => {
    expect(hear(said)).toEqual({ kind: "none", why: expect.stringMatching(why) as string });
  });

  it("may pause", () => {
    expect(hear(answer([{ type: "text", text: "Hm." }], "pause_turn"))).toEqual({ kind: "pause" });
  });

  it("has reasons of one bounded line each, at most ten, without characters that hide or reorder", () => {
    const reasons = ["one\n2. two\u0007", "\u202Eevil", "x".repeat(5000), ...Array.from({ length: 20 }, (_, index) => `${index}`)];
    const heard = hear(answer([verdict({ approved: false, reasons })]));
    const said = heard.kind === "verdict" ? heard.reasons : [];
    expect(said.slice(0, 2)).toEqual(["one 2. two", String.raw`\u{202e}evil`]);
    expect([said.length, said[2]?.length]).toEqual([10, 1000]);
  });
});
