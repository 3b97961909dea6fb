import { describe, expect, it } from "vitest";
import { canaryGate, type Bird } from "./canary.ts";

const states = { g: "Good", n: "NoChange", b: "Bad", u: "Unfinished" } as const;

/** `g n b u`: good, no change, bad, unfinished; named 1, 2, 3 … */
function birdsOf(text: string): Bird[] {
  return text.split(" ").map((letter, index) => ({ changeset: String(index + 1), state: states[letter as keyof typeof states] }));
}

interface Case {
  readonly want: string;
  readonly when: string;
  readonly birds: string;
  readonly size?: number;
  readonly chosen?: string[];
}

describe("the canary", () => {
  it.each<Case>([
    { want: "Open", when: "there is none", birds: "u u u", size: 0 },
    { want: "Waiting 1", when: "it has not ended", birds: "u u u" },
    { want: "Open 1", when: "it ended with a change", birds: "g u u" },
    { want: "Failed 1", when: "it failed", birds: "b u u" },
    { want: "Waiting 1 2", when: "nothing had to change, so the next one is canary too", birds: "n u u" },
    { want: "Open 1 2", when: "the second one ended with a change", birds: "n g u" },
    { want: "Open 1 2 3", when: "nothing has to change anywhere", birds: "n n n" },
    { want: "Waiting 1 2", when: "one of two has not ended", birds: "g u u", size: 2 },
    { want: "Open 1 2", when: "one of two had nothing to change", birds: "g n u", size: 2 },
    { want: "Failed 1 2", when: "one of two failed", birds: "g b u", size: 2 },
    { want: "Waiting 1 2 3 4", when: "both had nothing to change, so two more are", birds: "n n u u u", size: 2 },
    { want: "Open 1 2", when: "there are fewer repositories than canaries", birds: "g g", size: 5 },
    { want: "Waiting 3", when: "another one was chosen before the list was edited", birds: "u u u", chosen: ["3"] },
    { want: "Waiting 2 1", when: "one of two that were chosen was taken out", birds: "u u u", size: 2, chosen: ["9", "2"] },
  ])("is $want when $when", ({ want, birds, size = 1, chosen = [] }) => {
    const { state, canaries } = canaryGate(birdsOf(birds), size, chosen);
    expect([state, ...canaries].join(" ")).toBe(want);
  });
});
