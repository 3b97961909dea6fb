import { z } from "zod";
import { invariant } from "./rule.ts";

const spec = { kind: "BatchChange", at: "spec", reason: "Forbidden" } as const;

/** What this version refuses, so that nothing is accepted and then silently not done. */
export const notYetRules = [
  invariant({
    ...spec,
    at: "spec.publish",
    field: ".policy",
    view: z.object({ policy: z.string() }),
    cel: "!has(self.policy) || self.policy != 'Automatic'",
    holds: ({ policy }) => policy !== "Automatic",
    message: "this version does not publish automatically yet: use OnApproval or Never",
  }),
  invariant({
    ...spec,
    at: "spec.publish",
    field: ".onCIFailure",
    view: z.object({ onCIFailure: z.unknown().optional() }),
    cel: "!has(self.onCIFailure)",
    holds: ({ onCIFailure }) => onCIFailure === undefined,
    message: "this version does not answer failed checks with a new attempt yet: leave it out",
  }),
  invariant({
    ...spec,
    at: "spec.publish",
    field: ".closeOnCancel",
    view: z.object({ closeOnCancel: z.boolean().optional() }),
    cel: "!has(self.closeOnCancel) || !self.closeOnCancel",
    holds: ({ closeOnCancel }) => closeOnCancel !== true,
    message: "this version does not close pull requests yet: leave it out",
  }),
];
