import { urlOf } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { endedAttempt, eventually, stages } from "../testing/stage.ts";

const open = stages();

it("shows a page without the parts that the dashboard itself may not read, and says so where one is opened", async () => {
  const refused = /\/(events|configmaps)(\/|$|\?)/;
  const stage = await open(
    {},
    { onRequest: ({ path }) => (refused.test(path) ? { kind: "answer", status: 403, reason: "Forbidden" } : undefined) },
  );
  const params = { namespace: "team-a", name: "node-24", changeset: "node-24-1" };
  const status = { phase: "Running", job: "node-24-1-1-1", pod: { name: "p", uid: "u" }, attempts: [endedAttempt("q")] };
  await stage.batch("team-a", "node-24");
  await stage.changeset("team-a", "node-24-1", "node-24", { status });
  await eventually("it is listed", async () => (await stage.get(urlOf("repositories", { params }))).body?.total === 1);
  const batch = await stage.get(urlOf("batch", { params }));
  expect([batch.status, batch.body.events]).toEqual([200, undefined]);
  const repository = await stage.get(urlOf("repository", { params }));
  expect([repository.status, repository.body.attempts.length]).toEqual([200, 2]);
  const patch = await stage.get(urlOf("patch", { params, query: { attempt: "0-1" } }));
  expect([patch.status, patch.body.error.message]).toEqual([503, expect.stringContaining("ServiceAccount")]);
});
