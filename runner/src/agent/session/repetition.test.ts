import { describe, expect, it } from "vitest";
import { addCalls, type Call, noRepetition, type Verdict } from "./repetition.ts";

const read = (path: string, output = "text", isError = false): Call => ({ name: "read_file", input: { path }, output, isError });

function verdicts(turns: readonly (readonly Call[])[]): readonly Verdict["kind"][] {
  let state = noRepetition;
  return turns.map((calls) => {
    const { repetition, verdict } = addCalls(state, calls);
    state = repetition;
    return verdict.kind;
  });
}

describe("loop detection", () => {
  it.each<[string, readonly (readonly Call[])[], readonly Verdict["kind"][]]>([
    ["five same calls in a row", Array.from({ length: 5 }, () => [read("a")]), ["fine", "fine", "nudge", "nudge", "stuck"]],
    [
      "the same call with a new result each time",
      ["1", "2", "3", "4", "5"].map((text) => [read("a", text)]),
      Array.from({ length: 5 }, () => "fine" as const),
    ],
    [
      "two calls in turns",
      Array.from({ length: 10 }, (_, index) => [read(index % 2 === 0 ? "a" : "b")]),
      ["fine", "fine", "fine", "fine", "nudge", "nudge", "nudge", "nudge", "stuck", "stuck"],
    ],
    [
      "the same call with other calls between, far apart",
      Array.from({ length: 30 }, (_, index) => [read(index % 6 === 0 ? "a" : `${index}`)]),
      Array.from({ length: 30 }, () => "fine" as const),
    ],
    [
      "eight failing calls one by one",
      Array.from({ length: 8 }, (_, index) => [read(`${index}`, "gone", true)]),
      ["fine", "fine", "nudge", "nudge", "nudge", "nudge", "nudge", "stuck"],
    ],
    [
      "eight failing calls at once are nudged first",
      [Array.from({ length: 8 }, (_, index) => read(`${index}`, "gone", true)), [read("x")]],
      ["nudge", "fine"],
    ],
    [
      "a success between failures",
      [1, 2, 3, 4].flatMap(() => [[read("a", "x", true)], [read("b", "y", true)], [read(`${Math.random()}`)]]).slice(0, 6),
      ["fine", "fine", "fine", "fine", "fine", "fine"],
    ],
  ])("judges %s", (_, turns, expected) => {
    expect(verdicts(turns)).toEqual(expected);
  });

  it("takes inputs that differ in the order of their keys for the same", () => {
    const calls = [
      { a: 1, b: { c: 2, d: 3 } },
      { b: { d: 3, c: 2 }, a: 1 },
      { a: 1, b: { c: 2, d: 3 } },
    ];
    expect(verdicts(calls.map((input) => [{ name: "t", input, output: "", isError: false }]))).toEqual(["fine", "fine", "nudge"]);
  });
});
