import { apiVersion, BatchChangeSpec, type BatchChange } from "@codybatch/crds";
import type { z } from "zod";
import { Limits } from "../limits.ts";
import type { Observed } from "../observed.ts";
import { defaultSettings } from "../settings.ts";
import { noTasks } from "../task/task.ts";

/** The moment at which every test begins. */
export const start = new Date("2026-03-02T09:00:00Z");

export type SpecInput = Partial<z.input<typeof BatchChangeSpec>>;

/** URLs of so many repositories: acme/r0, acme/r1 … */
export function repositories(count: number): { url: string }[] {
  return Array.from({ length: count }, (_, index) => ({ url: `https://github.com/acme/r${index}` }));
}

/** A spec with its defaults; two repositories unless said otherwise. */
export function specOf(spec: SpecInput = {}): BatchChangeSpec {
  return BatchChangeSpec.parse({ prompt: "Move to Node 24.", repositories: repositories(2), ...spec });
}

/** A stored BatchChange. */
export function batchOf(spec: SpecInput = {}, { name = "node-24", namespace = "team-a" } = {}): BatchChange {
  const uid = `uid-${namespace}-${name}`;
  const metadata = { name, namespace, uid, generation: 1, resourceVersion: "1", creationTimestamp: start.toISOString() };
  return { apiVersion, kind: "BatchChange", metadata, spec: specOf(spec) };
}

/** Limits wide enough for a test, unless said otherwise. */
export function limitsOf(limits: z.input<typeof Limits> = {}): Limits {
  return Limits.parse({ maxRepositories: 100, toolboxImages: ["**"], ...limits });
}

/** An observation of a batch about which nothing exists yet. */
export function observedOf(part: Partial<Observed> = {}): Observed {
  return {
    batch: batchOf(),
    faults: [],
    obstacle: undefined,
    changesets: [],
    jobs: [],
    pods: [],
    records: [],
    runs: [],
    tasks: noTasks,
    refusedPods: [],
    refusedJobs: [],
    prompt: { kind: "Known", hash: "0123456789", text: "Move to Node 24." },
    storedBytes: 0,
    failedJobs: [],
    limits: limitsOf(),
    settings: defaultSettings,
    now: start,
    ...part,
  };
}
