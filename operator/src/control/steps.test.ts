import { describe, expect, it } from "vitest";
import type { Action } from "../reconcile/wish.ts";
import { sideBySide, stepsOf } from "./steps.ts";

const kindsOf = (...kinds: readonly Action["kind"][]): readonly (readonly string[])[] =>
  stepsOf(kinds.map((kind) => ({ kind, batch: { metadata: { namespace: "team-a" } } }) as Action)).map((step) =>
    step.map(({ kind }) => kind),
  );

describe("the steps of a pass", () => {
  it("are access, prompt and all Changesets, then all Jobs behind one look at the access, and the batch's status last", () => {
    const owned = ["CreatePrompt", "CreateChangeset", "CreateChangeset"] as const;
    expect(kindsOf(...owned, "PatchBatchStatus")).toEqual([["EnsureRecorderAccess", ...owned], ["PatchBatchStatus"]]);
    const start = ["EnsureRecorderAccess", "CreateJob"] as const;
    expect(kindsOf(...start, ...start, "PatchBatchStatus")).toEqual([
      ["EnsureRecorderAccess"],
      ["CreateJob", "CreateJob"],
      ["PatchBatchStatus"],
    ]);
  });

  it("keep a further try behind the status that tells the end of the one before", () => {
    const retry = ["EnsureRecorderAccess", "PatchChangesetStatus", "CreateJob"] as const;
    expect(kindsOf("PatchChangesetStatus", "PatchChangesetStatus", ...retry, ...retry)).toEqual([
      ["PatchChangesetStatus", "PatchChangesetStatus"],
      ["EnsureRecorderAccess"],
      ["PatchChangesetStatus"],
      ["CreateJob"],
      ["PatchChangesetStatus"],
      ["CreateJob"],
    ]);
  });

  it("keep Events one after the other", () => {
    expect(kindsOf("EmitEvent", "EmitEvent")).toEqual([["EmitEvent"], ["EmitEvent"]]);
  });
});

describe("work side by side", () => {
  it("never has more under way than it may, and does all", async () => {
    let [underWay, highest, done] = [0, 0, 0];
    const failures = await sideBySide([...Array(10).keys()], 3, async () => {
      underWay += 1;
      highest = Math.max(highest, underWay);
      await Promise.resolve();
      underWay -= 1;
      done += 1;
    });
    expect({ failures, highest, done }).toEqual({ failures: [], highest: 3, done: 10 });
  });

  it("begins nothing after a failure, waits for what is under way and gives every failure", async () => {
    const begun: number[] = [];
    const slow = Promise.withResolvers<void>();
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      if (item === 0) await slow.promise;
      throw new Error(`no ${item}`);
    };
    const ended = sideBySide([0, 1, 2, 3], 2, work);
    let isOver = false;
    void ended.then(() => (isOver = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect({ begun, isOver }).toEqual({ begun: [0, 1], isOver: false });
    slow.resolve();
    expect(await ended).toEqual([new Error("no 1"), new Error("no 0")]);
    expect(begun).toEqual([0, 1]);
  });
});
