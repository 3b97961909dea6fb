import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { changes, reports, scenario } from "../story/model.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({
    name: "outcomes",
    scenarios: [
      scenario("stuck", { repository: "*/stuck" }, { say: "I give up." }),
      scenario("fine", { repository: "*/fine" }, reports(false, "Nothing to do")),
      scenario("changed", {}, ...changes("NEW.md")),
    ],
  });
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

test("three repositories served over HTTP end as Ready, NoChange and Failed", async () => {
  const urls = ["changed", "fine", "stuck"].map((name) => stage.repository(`acme/${name}`));
  const batch = await stage.batch("outcomes").create(urls);
  const status = await batch.reaches("PartiallySucceeded");
  expect(status).toMatchObject({ progress: "3/3", counts: { ready: 1, noChange: 1, failed: 1 } });
});
