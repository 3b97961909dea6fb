import { beforeAll, expect, test } from "vitest";
import { killedAt, turn, write } from "./moments.ts";
import { runScene } from "./run.ts";
import type { Outcome } from "./run.ts";

let clean: Outcome;
beforeAll(async () => {
  clean = await runScene();
});

test.each([
  { moment: "it has made a pod and does not know", at: write("processes", "after", ["POST", /\/pods$/]) },
  { moment: "the first container runs and nobody knows", at: write("processes", "before", ["PATCH", /\/pods\/.*\/status$/, '"running"']) },
  { moment: "the agent is in its second turn", at: turn(2) },
  { moment: "a pod has ended and nobody knows", at: write("processes", "before", ["PATCH", /\/pods\/.*\/status$/, '"Succeeded"']) },
  { moment: "a Job has ended and nobody knows", at: write("processes", "before", ["PATCH", /\/jobs\/.*\/status$/, '"Complete"']) },
])("the process runner is killed when $moment", async ({ at }) => {
  expect(await runScene(killedAt("processes", at))).toEqual(clean);
});
