import { z } from "zod";
import { invariant } from "./rule.ts";

/** Checks run in an image of the user's, and nowhere else. */
export const checkRules = [
  invariant({
    kind: "BatchChange",
    at: "spec",
    field: ".toolbox",
    view: z.object({ toolbox: z.unknown().optional(), checks: z.array(z.unknown()).optional() }),
    cel: "!has(self.checks) || self.checks.size() == 0 || has(self.toolbox)",
    holds: ({ toolbox, checks = [] }) => checks.length === 0 || toolbox !== undefined,
    message: "checks need an image to run in: name one that has sh and tar in spec.toolbox.image",
    reason: "Required value",
  }),
];
