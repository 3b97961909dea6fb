import { beforeAll, expect, test } from "vitest";
import { killedAt, turn, write } from "./moments.ts";
import { runScene } from "./run.ts";
import type { Outcome } from "./run.ts";

let clean: Outcome;
beforeAll(async () => {
  clean = await runScene();
});

test("in a clean run exactly what is billed counts against the budget", () => {
  expect(clean.charged).toEqual(clean.billed);
});

test.each([
  { moment: "it has made a Changeset and does not know", at: write("operator", "after", ["POST", /\/changesets$/]) },
  { moment: "it has started a Job and does not know", at: write("operator", "after", ["POST", /\/jobs$/]) },
  { moment: "the agent is in its second turn", at: turn(2) },
  {
    moment: "a result is stored and not yet in status",
    at: write("operator", "before", ["PATCH", /\/changesets\/.*\/status$/, '"Reported"']),
  },
  {
    moment: "all is done but for the batch's status",
    at: write("operator", "before", ["PATCH", /\/batchchanges\/.*\/status$/, '"Succeeded"']),
  },
])("the operator is killed when $moment", async ({ at }) => {
  expect(await runScene(killedAt("operator", at))).toEqual(clean);
});
