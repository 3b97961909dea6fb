import { z } from "zod";
import { BranchName } from "./field.ts";

export const publishPolicies = ["Never", "OnApproval", "Automatic"] as const;

const untilPublished = { "x-codybatch-change": "until-published" } as const;

const OnCIFailure = z.strictObject({
  maxAttempts: z.int().min(1).max(5).meta({ description: "Most attempts in a row that failed checks start by themselves." }),
});

export const Publish = z.strictObject({
  policy: z.enum(publishPolicies).default("Never").meta({ description: "When a pull request is opened." }),
  branch: BranchName.max(200)
    .optional()
    .meta({ description: "Branch that is pushed; default codybatch/<name>.", ...untilPublished }),
  title: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: "Pull request title; ${repository.name} and ${result.summary} are replaced.", ...untilPublished }),
  body: z
    .string()
    .max(32_768)
    .optional()
    .meta({ description: "Pull request text; the same variables.", ...untilPublished }),
  commitMessage: z
    .string()
    .max(8192)
    .optional()
    .meta({ description: "Commit message; the same variables.", ...untilPublished }),
  draft: z
    .boolean()
    .default(false)
    .meta({ description: "Open pull requests as drafts.", ...untilPublished }),
  labels: z.array(z.string().min(1).max(50)).max(20).optional().meta({ description: "Labels of the pull request." }),
  reviewers: z.array(z.string().min(1).max(100)).max(15).optional().meta({ description: "Users, or org/team, asked for review." }),
  allowPaths: z
    .array(z.string().min(1).max(256))
    .max(50)
    .optional()
    .meta({ description: "Paths that are otherwise denied, such as .github/workflows/**." }),
  onCIFailure: OnCIFailure.optional().meta({
    description:
      "Failed checks of our pull request start a new attempt, which sees the end of their logs and costs like any other, within the budget. Under OnApproval its patch waits for an approval of its own.",
  }),
  closeOnCancel: z
    .boolean()
    .optional()
    .meta({ description: "When the batch is cancelled, close its open pull requests that nobody else has committed to. Branches stay." }),
});
