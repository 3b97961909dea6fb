import type { BatchPhase, ChangesetPhase } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { batchPhase, countPhases, isComplete, progressOf } from "./phases.ts";

const quiet = { suspend: false, cancel: false, active: false };

describe("the phase of a batch", () => {
  it.each<[BatchPhase, string, Partial<typeof quiet>, ChangesetPhase[]]>([
    ["Pending", "nothing is known yet", {}, []],
    ["Pending", "all wait", {}, ["Pending", "Pending"]],
    ["Running", "one has a Job, but no pod yet", { active: true }, ["Pending", "Pending"]],
    ["Running", "one runs", {}, ["Running", "Pending"]],
    ["Running", "some are done and the rest wait", {}, ["Ready", "Pending"]],
    ["Running", "one is being published", {}, ["Publishing", "AwaitingApproval"]],
    ["Running", "it is suspended, and one still runs", { suspend: true }, ["Running", "Pending"]],
    ["Suspended", "it is suspended and nothing runs", { suspend: true }, ["Ready", "Pending"]],
    ["Suspended", "it is suspended and an approved patch waits", { suspend: true }, ["Publishing", "Open"]],
    ["Suspended", "it is suspended before anything is known", { suspend: true }, []],
    ["AwaitingApproval", "only approvals are missing", {}, ["AwaitingApproval", "NoChange", "Failed"]],
    ["AwaitingApproval", "only approvals are missing, suspended or not", { suspend: true }, ["AwaitingApproval"]],
    ["Succeeded", "all ended well", {}, ["Ready", "NoChange", "Open", "Merged"]],
    ["Succeeded", "a pull request was closed by a person", {}, ["Closed", "Merged"]],
    ["Succeeded", "what remains is not in the spec or a duplicate", {}, ["Ready", "Removed", "Duplicate"]],
    ["PartiallySucceeded", "one failed", {}, ["Ready", "Failed"]],
    ["PartiallySucceeded", "somebody stopped one Job by hand", {}, ["Ready", "Cancelled"]],
    ["Failed", "all failed", {}, ["Failed", "Failed", "Removed"]],
    ["Cancelled", "the user cancelled", { cancel: true }, ["Ready", "Cancelled"]],
    ["Succeeded", "the user cancelled when all had ended", { cancel: true }, ["Ready", "NoChange"]],
    ["Running", "the user cancelled and a Job is still being stopped", { cancel: true, active: true }, ["Running", "Cancelled"]],
  ])("is %s when %s", (want, _, intent, phases) => {
    expect(batchPhase(countPhases(phases), { ...quiet, ...intent })).toBe(want);
  });

  it.each<[string, ChangesetPhase[]]>([
    ["0/2", ["Pending", "Running"]],
    ["1/3", ["Ready", "AwaitingApproval", "Pending"]],
    ["2/2", ["Failed", "Duplicate", "Removed"]],
  ])("shows the progress %s", (want, phases) => {
    expect(progressOf(countPhases(phases))).toBe(want);
  });

  it("is complete only when there is something and all of it is finished", () => {
    expect(isComplete(countPhases([]))).toBe(false);
    expect(isComplete(countPhases(["Ready", "AwaitingApproval"]))).toBe(false);
    expect(isComplete(countPhases(["Ready", "Removed"]))).toBe(true);
  });
});
