import type { ChangeResult } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { checksNote } from "./checks.ts";
import { longestMessage } from "./conditions.ts";
import { Story } from "./testing/story.ts";

type Checks = NonNullable<ChangeResult["checks"]>;
const check = (name: string, outcome: Checks[number]["outcome"], required = false): Checks[number] => ({ name, outcome, required });
const onBase = (name: string): string => `BaselineFailing: the check ${name} fails without the change too.`;

describe("the message of a change tells of its checks", () => {
  it.each<[string, Pick<ChangeResult, "checks" | "warnings">, string]>([
    ["nothing without any", {}, ""],
    ["nothing when they passed", { checks: [check("test", "Passed", true), check("lint", "NotRun")], warnings: ["Resumed."] }, ""],
    ["one that fails", { checks: [check("lint", "Failed"), check("test", "Passed")] }, "Failing check: lint."],
    [
      "one that fails without the change too",
      { checks: [check("test", "Failed", true)], warnings: [onBase("test")] },
      "Failing check: test (without the change too).",
    ],
    ["no other whose name begins alike", { checks: [check("test", "Failed")], warnings: [onBase("test-all")] }, "Failing check: test."],
    ["one that the change mends", { checks: [check("test", "Passed")], warnings: [onBase("test")] }, "It mends: test."],
    ["not all of many", { checks: ["a", "b", "c", "d"].map((name) => check(name, "Failed")) }, "Failing checks: a, b and 2 more."],
  ])("%s", (_, result, want) => {
    expect(checksNote(result)).toBe(want);
  });

  it.each([
    ["Ready", "Never"],
    ["AwaitingApproval", "OnApproval"],
  ] as const)("before the commands of %s, which stay whole, also when status is read again", (phase, policy) => {
    const longest = (letter: string): string => letter.repeat(63);
    const checks = ["a", "b", "c"].map((letter) => check(longest(letter), "Failed"));
    const warnings = ["a", "b"].map((letter) => onBase(longest(letter)));
    const story = new Story();
    const key = story.apply("n".repeat(40), { repositories: [{ url: "https://github.com/acme/api" }], publish: { policy } });
    story.happens("a change is reported", () => {
      const pod = story.pod(key, "acme/api");
      story.kubelet.finish(pod);
      const { result } = pod.run!;
      Object.assign(result!, { report: { ...result!.report!, checks, warnings } });
    });
    const told = story.world.changesetOf(key, "acme/api").status!;
    expect(told).toMatchObject({ phase, result: { checks } });
    expect(told.message).toMatch(/^Failing checks: a{63} \(without the change too\), b{63} \(without the change too\) and 1 more\. /);
    expect(told.message!.length).toBeLessThan(longestMessage);
    story.later(60, "a minute has passed");
    expect(story.world.changesetOf(key, "acme/api").status).toEqual(told);
  });
});
