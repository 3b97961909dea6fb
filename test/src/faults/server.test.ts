import { beforeAll, expect, test } from "vitest";
import { killedAt, turn, write } from "./moments.ts";
import { runScene } from "./run.ts";
import type { Outcome } from "./run.ts";

let clean: Outcome;
beforeAll(async () => {
  clean = await runScene();
});

test.each([
  { moment: "it has stored a Changeset and told nobody", at: write("operator", "after", ["POST", /\/changesets$/]) },
  { moment: "it has stored a Job and told nobody", at: write("operator", "after", ["POST", /\/jobs$/]) },
  { moment: "the agent is in its second turn", at: turn(2) },
  { moment: "it has stored a result and told nobody", at: write("recorder", "after", ["POST", /\/configmaps$/, '-result"']) },
  { moment: "the end of a pod was about to be told", at: write("processes", "before", ["PATCH", /\/pods\/.*\/status$/, '"Succeeded"']) },
])("the embedded server is killed when $moment", async ({ at }) => {
  expect(await runScene(killedAt("server", at))).toEqual(clean);
});
