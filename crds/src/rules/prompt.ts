import { z } from "zod";
import { namesOnlyVariables, namesOnlyVariablesCel, variablesInWords } from "../template/variables.ts";
import { invariant } from "./rule.ts";

const view = z.object({ prompt: z.unknown().optional(), promptFrom: z.unknown().optional() });
const at = { kind: "BatchChange", at: "spec", field: ".prompt", view } as const;

/** A BatchChange has one prompt, and what it names exists. */
export const promptRules = [
  invariant({
    ...at,
    cel: "has(self.prompt) || has(self.promptFrom)",
    holds: (spec) => spec.prompt !== undefined || spec.promptFrom !== undefined,
    message: "say what to change in spec.prompt, or name a ConfigMap key in spec.promptFrom",
    reason: "Required value",
  }),
  invariant({
    ...at,
    cel: "!(has(self.prompt) && has(self.promptFrom))",
    holds: (spec) => spec.prompt === undefined || spec.promptFrom === undefined,
    message: "set exactly one of spec.prompt and spec.promptFrom: take one out",
    reason: "Forbidden",
  }),
  invariant({
    ...at,
    view: z.object({ prompt: z.string() }),
    cel: `!has(self.prompt) || ${namesOnlyVariablesCel("prompt")}`,
    holds: ({ prompt }) => namesOnlyVariables(prompt),
    message: variablesInWords,
  }),
];
