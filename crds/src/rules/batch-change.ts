import { z } from "zod";
import { immutable, invariant, transition } from "./rule.ts";

const kind = "BatchChange";
const newBatch = "make a new BatchChange";

/** Name, storage and what may change over the life of a BatchChange. */
export const batchRules = [
  invariant({
    kind,
    at: "",
    field: ".metadata.name",
    view: z.object({ metadata: z.object({ name: z.string() }) }),
    cel: "self.metadata.name.size() <= 40",
    holds: ({ metadata }) => Array.from(metadata.name).length <= 40,
    message: "must be at most 40 characters, because names of Jobs are made from it: choose a shorter name",
  }),
  invariant({
    kind,
    at: "spec.resultStorage",
    field: ".claimName",
    view: z.object({ type: z.string(), claimName: z.unknown().optional() }),
    cel: "!has(self.type) || self.type != 'PersistentVolumeClaim' || has(self.claimName)",
    holds: ({ type, claimName }) => type !== "PersistentVolumeClaim" || claimName !== undefined,
    message: "name the PersistentVolumeClaim that keeps the results",
    reason: "Required value",
  }),
  immutable(kind, "spec", "repositorySelector", newBatch),
  immutable(kind, "spec", "credentials", newBatch),
  immutable(kind, "spec.resultStorage", "type", `results lie there already; ${newBatch}`),
  immutable(kind, "spec.resultStorage", "claimName", `results lie there already; ${newBatch}`),
  transition({
    kind,
    at: "spec.cancel",
    view: z.boolean(),
    cel: "self || !oldSelf",
    holds: (cancel, old) => cancel || !old,
    message: `is final: a cancelled BatchChange stays cancelled; ${newBatch}`,
  }),
  transition({
    kind,
    at: "spec.retryFailed",
    view: z.number(),
    cel: "self >= oldSelf",
    holds: (count, old) => count >= old,
    message: "may only rise: set it to a higher number to run failed Changesets again",
  }),
];
