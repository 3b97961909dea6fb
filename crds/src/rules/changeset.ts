import { z } from "zod";
import { sameJson } from "../validate/json.ts";
import { guarded, immutable, transition } from "./rule.ts";

const kind = "Changeset";
const view = z.object({
  spec: z.object({ approval: z.object({ patch: z.string(), by: z.string() }).optional() }),
  status: z.object({ patch: z.object({ digest: z.string() }).optional() }).optional(),
});

/** A Changeset is the operator's; a user raises attempt and sets approval. */
export const changesetRules = [
  immutable(kind, "spec", "batchChange", "edit the BatchChange instead"),
  immutable(kind, "spec", "repository", "edit the BatchChange instead"),
  transition({
    kind,
    at: "spec.attempt",
    view: z.number(),
    cel: "self >= oldSelf",
    holds: (attempt, old) => attempt >= old,
    message: "may only rise: set it to a higher number to run this repository again",
  }),
  transition({
    kind,
    at: "spec.retryGeneration",
    view: z.number(),
    cel: "self >= oldSelf",
    holds: (generation, old) => generation >= old,
    message: "may only rise: it follows spec.retryFailed of the BatchChange; raise that instead",
  }),
  guarded({
    kind,
    at: "",
    field: ".spec.approval",
    view,
    cel: [
      "!has(self.spec.approval)",
      "(oldSelf.hasValue() && has(oldSelf.value().spec.approval) && oldSelf.value().spec.approval == self.spec.approval)",
      "(has(self.status) && has(self.status.patch) && self.status.patch.digest == self.spec.approval.patch)",
    ].join(" || "),
    holds: ({ spec: { approval }, status }, old) =>
      approval === undefined || sameJson(approval, old?.spec.approval) || status?.patch?.digest === approval.patch,
    message: "must name the patch that is stored now: read it, then set spec.approval.patch to status.patch.digest",
  }),
];
