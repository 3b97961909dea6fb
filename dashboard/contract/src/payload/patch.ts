import { z } from "zod";
import { AttemptId, Count, flag } from "../field.ts";

/** A `Range: bytes=a-b` header asks for a part of the patch; `files` of the patch says where each file lies. */
export const PatchQuery = z.strictObject({
  attempt: AttemptId.optional(),
  download: flag.optional().meta({ description: "true: as an attachment." }),
});

export const PatchFilesQuery = z.strictObject({ attempt: AttemptId.optional() });

export const PatchFile = z.object({
  path: z.string().meta({ description: "Hostile text, unquoted." }),
  from: z.string().optional().meta({ description: "The path before a rename or copy." }),
  change: z.enum(["added", "deleted", "modified", "renamed"]),
  additions: Count,
  deletions: Count,
  offset: Count.meta({ description: "Byte of the patch at which its part begins." }),
  bytes: Count.meta({ description: "Length of its part." }),
  binary: z.boolean(),
  generated: z.boolean().meta({ description: "By its name a lock file or the output of a program." }),
});
export type PatchFile = z.infer<typeof PatchFile>;

export const PatchFiles = z.object({
  attempt: AttemptId,
  digest: z.string(),
  baseCommit: z.string(),
  bytes: Count,
  live: z.boolean().meta({ description: "The change so far of an attempt that still runs." }),
  files: z.array(PatchFile).meta({ description: "In the patch's order, at most 5000." }),
  more: Count.meta({ description: "Files beyond those." }),
});
export type PatchFiles = z.infer<typeof PatchFiles>;
