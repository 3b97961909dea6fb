import { batchPhases, changesetPhases } from "@codybatch/crds";
import { expect, it } from "vitest";
import { signs, toneOf, words } from "./tone.ts";

it.each([...batchPhases, ...changesetPhases])("has a tone and a sign for %s", (phase) => {
  expect(signs[toneOf(phase)]).not.toBe("");
});

it("makes words of a phase's name", () => {
  expect(words("AwaitingApproval")).toBe("Awaiting approval");
  expect(words("Open")).toBe("Open");
});
