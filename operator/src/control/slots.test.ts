import { afterEach, beforeEach, expect, it } from "vitest";
import type { Client } from "../cluster/client.ts";
import { FakeClock } from "../cluster/testing/fake-clock.ts";
import { until } from "../cluster/testing/until.ts";
import { createLog } from "../log.ts";
import { createMetrics } from "../metrics.ts";
import type { Request } from "../reconcile/admit.ts";
import { defaultPublishing } from "../reconcile/settings.ts";
import { batchOf } from "../reconcile/testing/build.ts";
import type { CreateTask, PublishWish } from "../reconcile/wish.ts";
import { createCaches, type Caches } from "./caches.ts";
import { Rest } from "./rest.ts";
import { Slots } from "./slots.ts";

let clock: FakeClock;
beforeEach(() => void (clock = new FakeClock()));

const log = createLog("silent");
let caches: Caches;
afterEach(() => Promise.all([...caches.batches.reflectors, ...caches.changesets.reflectors].map((reflector) => reflector.stop())));

/** The slots of an operator whose API server has these objects, by the plural of their kind. */
async function slotsAt(objects: Readonly<Record<string, readonly object[]>> = {}): Promise<Slots> {
  const client: Pick<Client, "list" | "watch"> = {
    list: (resource, _, slim) => {
      const items = (objects[resource.plural] ?? []).flatMap((object) => slim(object) ?? []);
      return Promise.resolve({ items, resourceVersion: "5" });
    },
    watch: async function* () {},
  };
  const times = { silence: 60_000, relist: 60_000, backoffBase: 60_000, backoffMost: 60_000 };
  const shared = { clock, random: () => 0, log, metrics: createMetrics(), times, onChange: () => undefined };
  caches = createCaches({ ...shared, client: client as Client, namespaces: [] });
  const read = [...caches.batches.reflectors, ...caches.changesets.reflectors];
  for (const reflector of read) reflector.start();
  await until("the caches are filled", () => read.every(({ synced }) => synced));
  const publishing = { ...defaultPublishing, perMinute: 5 };
  return new Slots({ caches, clock, runningJobs: 20, publishing, rest: new Rest(clock, log) });
}

/** A batch that wants so many publish Jobs; `from`: so many it has had already. */
function asks(name: string, count: number, from = 0): Request {
  const wishes = Array.from({ length: count }, (_, index): PublishWish => {
    const task = { kind: "CreateTask", name: `${name}-${from + index}` } as CreateTask;
    return { kind: "Publish", first: [], task, credential: "team-a/github-write", content: 2, otherwise: () => undefined };
  });
  return { batch: `team-a/${name}`, namespace: "team-a", createdAt: name, wishes };
}

it("wakes every batch of a credential at the moment at which its next publish Job may start", async () => {
  const slots = await slotsAt();
  expect(slots.admit(asks("a", 2)).actions).toHaveLength(1);
  expect(slots.admit(asks("a", 1, 1)).wakes).toEqual([{ batch: "team-a/a", afterMs: 12_000 }]);
  expect(slots.admit(asks("b", 2)).wakes).toEqual([
    { batch: "team-a/a", afterMs: 24_000 },
    { batch: "team-a/b", afterMs: 12_000 },
  ]);
  clock.advance(12_000);
  expect(slots.admit(asks("b", 2)).actions).toHaveLength(1);
  expect(slots.admit(asks("b", 1, 1)).actions).toEqual([]);
});

it("wakes those that wait earlier, when one before them leaves", async () => {
  const slots = await slotsAt();
  slots.admit(asks("a", 1));
  slots.admit(asks("b", 2));
  expect(slots.admit(asks("c", 2)).wakes).toContainEqual({ batch: "team-a/c", afterMs: 24_000 });
  clock.advance(1000);
  expect(slots.admit(asks("b", 0)).wakes).toEqual([{ batch: "team-a/c", afterMs: 11_000 }]);
  slots.admit(asks("b", 2));
  clock.advance(1000);
  expect(slots.forget("team-a/b")).toEqual([{ batch: "team-a/c", afterMs: 10_000 }]);
});

it("counts what another operator started from the whole seconds of its status, as late as it may have been", async () => {
  const at = clock.date().toISOString().replace(/\.\d+/, "");
  const { metadata, spec, ...batch } = batchOf({ publish: { policy: "Automatic" } }, { name: "old" });
  const changeset = {
    ...batch,
    kind: "Changeset",
    metadata: { ...metadata, name: "old-0", uid: "old-0" },
    spec: { batchChange: "old", repository: { name: "acme/a", url: "https://github.com/acme/a" }, attempt: 0, retryGeneration: 0 },
    status: { phase: "Open", publishing: { settled: 1, digest: "close", starts: [{ number: 1, at }] } },
  };
  const slots = await slotsAt({ batchchanges: [{ ...batch, metadata, spec }], changesets: [changeset] });
  expect(slots.admit(asks("new", 1)).wakes).toEqual([{ batch: "team-a/new", afterMs: 12_999 }]);
});
