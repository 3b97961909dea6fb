import { describe, expect, it } from "vitest";
import type { Client } from "../cluster/client.ts";
import { ApiError } from "../cluster/errors.ts";
import { Expectations } from "../cluster/expectations.ts";
import { FakeClock } from "../cluster/testing/fake-clock.ts";
import { createLog } from "../log.ts";
import { createMetrics } from "../metrics.ts";
import { plan } from "../reconcile/plan.ts";
import { observedOf } from "../reconcile/testing/build.ts";
import type { Action } from "../reconcile/wish.ts";
import { RecorderAccess } from "./access.ts";
import { Hand, JobRefused, NameTaken } from "./apply.ts";
import { createCaches } from "./caches.ts";
import { EventRecorder } from "./events.ts";

const clock = new FakeClock();
const taken = new ApiError({ status: 409, reason: "AlreadyExists", message: "already exists" });

/** An API server of one answer to every create, and one object to every get. */
function handOf(answer: ApiError, owner?: string): { readonly hand: Hand; readonly expectations: Expectations } {
  const found = { metadata: { resourceVersion: "9", ...(owner !== undefined && { ownerReferences: [{ uid: owner }] }) } };
  const client = { create: () => Promise.reject(answer), get: () => Promise.resolve(found) } as unknown as Client;
  const [log, metrics, expectations] = [createLog("silent"), createMetrics(), new Expectations(clock)];
  const times = { silence: 1, relist: 1, backoffBase: 1, backoffMost: 1 };
  const caches = createCaches({ client, namespaces: [], clock, random: () => 0, log, metrics, times, onChange: () => undefined });
  const [events, access] = [new EventRecorder(client, clock, "operator"), new RecorderAccess(client, clock)];
  return {
    hand: new Hand(
      {
        client,
        caches,
        expectations,
        events,
        access,
        countWrite: () => undefined,
        countEnd: () => undefined,
        countLook: () => undefined,
        log,
      },
      "team-a/node-24",
      "team-a",
    ),
    expectations,
  };
}

const [prompt, changeset] = plan(observedOf()) as Action[];
const manifest = { metadata: { name: "node-24-0-0-0" } };
const job = {
  kind: "CreateJob",
  name: "node-24-0-0-0",
  changeset: { metadata: { name: "node-24-0", uid: "cset" } },
  manifest,
} as unknown as Action;

describe("a name that exists already", () => {
  it.each([
    ["prompt", prompt!, "uid-team-a-node-24"],
    ["Changeset", changeset!, "uid-team-a-node-24"],
    ["Job", job, "cset"],
  ])("is success for a %s that our owner has, and is waited for", async (_, action, owner) => {
    const { hand, expectations } = handOf(taken, owner);
    await hand.apply(action);
    expect(expectations.waitMs("team-a/node-24")).toBeGreaterThan(0);
  });

  it.each([
    ["somebody else", "uid-of-somebody-else"],
    ["nobody", undefined],
  ])("is refused when %s owns it", async (_, owner) => {
    await expect(handOf(taken, owner).hand.apply(job)).rejects.toBeInstanceOf(NameTaken);
  });
});

it.each([
  [403, "Forbidden", "exceeded quota"],
  [422, "Invalid", "spec.template.spec.containers[0].resources.requests: must be less than or equal to memory limit of 56Mi"],
])("tells a Job that the API server refuses with %d from a server that fails", async (status, reason, message) => {
  const refused = new ApiError({ status, reason, message });
  await expect(handOf(refused).hand.apply(job)).rejects.toBeInstanceOf(JobRefused);
  const failing = new ApiError({ status: 500, reason: "InternalError", message: "…" });
  await expect(handOf(failing).hand.apply(job)).rejects.toBe(failing);
});
