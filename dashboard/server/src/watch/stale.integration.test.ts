import { paths, urlOf } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { Ear } from "../testing/ear.ts";
import { eventually, stages } from "../testing/stage.ts";

const open = stages();

it("shows what it knows with a mark while the API server is gone, and drops the mark when it is back", async () => {
  let gone = false;
  const quick = { CODYBATCH_REQUEST_TIMEOUT_SECONDS: "1" };
  const stage = await open(quick, { onRequest: () => (gone ? { kind: "reset" } : undefined) });
  await stage.batch("team-a", "node-24");
  await eventually("it is listed", async () => (await stage.get(paths.batches)).body.total === 1);
  const ear = await Ear.open(stage, "batches");
  expect(await ear.until("health")).not.toHaveProperty("staleSince");
  gone = true;
  await ear.until("health", ({ staleSince }) => staleSince !== undefined);
  const list = (await stage.get(paths.batches)).body;
  expect([list.total, Number.isNaN(Date.parse(list.staleSince))]).toEqual([1, false]);
  const detail = await stage.get(urlOf("batch", { params: { namespace: "team-a", name: "node-24" } }));
  expect([detail.status, detail.body.error.kind, detail.headers.get("retry-after")]).toEqual([503, "Unavailable", "5"]);
  gone = false;
  await eventually("fresh again", async () => (await stage.get(paths.batches)).body.staleSince === undefined);
  expect(ear.of("health").at(-1)).toEqual({ kind: "health" });
  ear.close();
});

it("asks for patience until everything was listed once", async () => {
  let holding = false;
  const stage = await open({}, { onRequest: ({ path }) => (holding && path.includes("changesets") ? { kind: "reset" } : undefined) });
  expect((await stage.get("/readyz")).status).toBe(200);
  holding = true;
  const second = await stage.another();
  const list = await second.get(paths.batches);
  expect([list.status, list.body.error.kind, (await second.get("/readyz")).status, (await second.get("/healthz")).status]).toEqual([
    503,
    "Unavailable",
    503,
    200,
  ]);
  holding = false;
  await eventually("it is ready", async () => (await second.get("/readyz")).status === 200);
  await second.dashboard.stop();
  await second.client.close();
});
