import { z } from "zod";
import { formed } from "./field.ts";
import { Repository } from "./repository.ts";

const live = { "x-codybatch-change": "live" } as const;
const immutable = { "x-codybatch-change": "immutable" } as const;

export const Approval = z.strictObject({
  patch: formed(/^sha256:[0-9a-f]{64}$/, "must be the text of status.patch.digest, sha256: and 64 hex digits", 80).meta({
    description: "Digest of exactly the patch that was read, as status.patch.digest shows it.",
  }),
  by: z.string().min(1).max(256).meta({ description: "User who approves; must be the one who sends the request." }),
});

export const ChangesetSpec = z.strictObject({
  batchChange: z
    .string()
    .min(1)
    .max(40)
    .meta({ description: "Name of the owning BatchChange.", ...immutable }),
  repository: Repository.extend({
    name: z.string().min(1).max(512).meta({ description: "owner/name." }),
  }).meta({ description: "The repository that is changed.", ...immutable }),
  attempt: z
    .int()
    .min(0)
    .max(999)
    .default(0)
    .meta({ description: "Raise it to run this repository again; it may only rise.", ...live }),
  retryGeneration: z
    .int()
    .min(0)
    .max(999)
    .default(0)
    .meta({
      description: "The batch's retryFailed that this Changeset has followed; set by the operator, may only rise.",
      ...live,
    }),
  approval: Approval.optional().meta({ description: "Approves one exact patch.", ...live }),
});
export type ChangesetSpec = z.infer<typeof ChangesetSpec>;
