import { z } from "zod";
import { At, Count, Cursor, Freshness, NamespaceName, PageSize } from "./field.ts";
import { Explained } from "./reason.ts";

export const FailureQuery = z.strictObject({
  namespace: NamespaceName.optional(),
  reason: z.string().max(64).optional().meta({ description: "Rows of this reason only." }),
  cursor: Cursor.optional(),
  limit: PageSize.optional(),
});

export const FailureRow = z.object({
  namespace: z.string(),
  batchChange: z.string(),
  changeset: z.string(),
  repository: z.string(),
  reason: z.string(),
  finishedAt: At.optional(),
});
export type FailureRow = z.infer<typeof FailureRow>;

const FailureGroup = Explained.extend({
  count: Count,
  batches: Count,
  infrastructure: z.boolean().meta({ description: "A fault of the cluster, not of the change." }),
});

/** Failed repositories of all batches that the viewer may see. */
export const FailureReport = Freshness.extend({
  total: Count,
  groups: z.array(FailureGroup).meta({ description: "Most first." }),
  items: z.array(FailureRow).meta({ description: "Newest first." }),
  next: z.string().optional(),
});
export type FailureReport = z.infer<typeof FailureReport>;
