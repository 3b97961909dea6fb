import { z } from "zod";
import { invariant } from "./rule.ts";

const spec = { kind: "BatchChange", at: "spec", reason: "Forbidden" } as const;

/** What this version refuses, so that nothing is accepted and then silently not done. */
export const notYetRules = [
  invariant({
    ...spec,
    at: "spec.publish",
    field: ".onCIFailure",
    view: z.object({ onCIFailure: z.unknown().optional() }),
    cel: "!has(self.onCIFailure)",
    holds: ({ onCIFailure }) => onCIFailure === undefined,
    message: "this version does not answer failed checks with a new attempt yet: leave it out",
  }),
];
