import { describe, expect, it } from "vitest";
import { canaryGate, type Bird } from "./canary.ts";

const states = { g: "Good", n: "NoChange", b: "Bad", u: "Unfinished" } as const;

/** `g n b u`: good, no change, bad, unfinished; named 1, 2, 3 … */
function birds(text: string): Bird[] {
  return text.split(" ").map((letter, index) => ({ changeset: String(index + 1), state: states[letter as keyof typeof states] }));
}

describe("the canary", () => {
  it.each([
    ["Open", "", "there is none", "u u u", 0, []],
    ["Waiting", "1", "it has not ended", "u u u", 1, []],
    ["Open", "1", "it ended with a change", "g u u", 1, []],
    ["Failed", "1", "it failed", "b u u", 1, []],
    ["Waiting", "1 2", "nothing had to change, so the next one is canary too", "n u u", 1, []],
    ["Open", "1 2", "the second one ended with a change", "n g u", 1, []],
    ["Open", "1 2 3", "nothing has to change anywhere", "n n n", 1, []],
    ["Waiting", "1 2", "one of two has not ended", "g u u", 2, []],
    ["Open", "1 2", "one of two had nothing to change", "g n u", 2, []],
    ["Failed", "1 2", "one of two failed", "g b u", 2, []],
    ["Waiting", "1 2 3 4", "both had nothing to change, so two more are", "n n u u u", 2, []],
    ["Open", "1 2", "there are fewer repositories than canaries", "g g", 5, []],
    ["Waiting", "3", "another one was chosen before the list was edited", "u u u", 1, ["3"]],
    ["Waiting", "2 1", "a chosen one was taken out of two", "u u u", 2, ["9", "2"]],
  ] as const)("is %s with %s when %s", (state, canaries, _, text, size, chosen) => {
    expect(canaryGate(birds(text), size, chosen)).toEqual({ state, canaries: canaries === "" ? [] : canaries.split(" ") });
  });
});
