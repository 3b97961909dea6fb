import { z } from "zod";
import { sameJson } from "../validate/json.ts";
import { invariant, type Rule, transition, unchangedCel } from "./rule.ts";

const view = z.object({
  spec: z.object({ publish: z.record(z.string(), z.unknown()).optional() }),
  status: z.object({ pullRequests: z.number().optional() }).optional(),
});

/** Fields that stay as they are once a pull request has been opened with them. */
const untilPublishedFields = ["branch", "title", "body", "commitMessage", "draft"] as const;

/** What a pull request was opened with cannot be edited under it. */
const untilPublishedRules: readonly Rule[] = untilPublishedFields.map((field) =>
  transition({
    kind: "BatchChange",
    at: "",
    field: `.spec.publish.${field}`,
    view,
    cel: `!has(oldSelf.status) || !has(oldSelf.status.pullRequests) || oldSelf.status.pullRequests == 0 || (${unchangedCel(`spec.publish.${field}`)})`,
    holds: (self, old) => (old.status?.pullRequests ?? 0) === 0 || sameJson(self.spec.publish?.[field], old.spec.publish?.[field]),
    message: "cannot change once a pull request is open: edit the pull request itself, or make a new BatchChange",
  }),
);

export const publishRules: readonly Rule[] = [
  ...untilPublishedRules,
  invariant({
    kind: "BatchChange",
    at: "spec.publish",
    field: ".onCIFailure",
    view: z.object({ policy: z.string().optional(), onCIFailure: z.unknown().optional() }),
    cel: "!has(self.onCIFailure) || (has(self.policy) && self.policy != 'Never')",
    holds: ({ onCIFailure, policy = "Never" }) => onCIFailure === undefined || policy !== "Never",
    message: "needs pull requests whose checks can fail: set spec.publish.policy to OnApproval or Automatic, or leave it out",
    reason: "Forbidden",
  }),
];
