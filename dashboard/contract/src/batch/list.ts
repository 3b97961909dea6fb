import { batchPhases } from "@codybatch/crds";
import { z } from "zod";
import { Count, Cursor, FacetCount, Freshness, NamespaceName, PageSize, SearchText, wordsOf } from "../field.ts";
import { batchSorts } from "../sorts.ts";
import { BatchRow } from "./row.ts";

export const BatchListQuery = z.strictObject({
  namespace: NamespaceName.optional(),
  phase: wordsOf(batchPhases, "Only batches in one of these phases.").optional(),
  label: z
    .string()
    .max(317)
    .regex(/^[A-Za-z0-9./_-]+(=[A-Za-z0-9._-]*)?$/, "must be key=value or a key")
    .optional()
    .meta({ description: "Only batches with this label: key=value, or a key with any value." }),
  q: SearchText.optional().meta({ description: "Words that must all occur in namespace, name, prompt, labels or a repository's name." }),
  sort: z.enum(batchSorts).optional().meta({ description: "Order; - is descending, -created when absent." }),
  cursor: Cursor.optional(),
  limit: PageSize.optional(),
});

export const BatchList = Freshness.extend({
  items: z.array(BatchRow),
  next: z.string().optional().meta({ description: "Cursor of the next page; absent on the last." }),
  total: Count.meta({ description: "Batches that the filters leave." }),
  visible: Count.meta({ description: "Batches that the viewer may see, filters aside: 0 means that there are none yet." }),
  facets: z.object({
    phase: z.array(FacetCount),
    namespace: z.array(FacetCount).meta({ description: "The 100 with most batches." }),
    label: z.array(FacetCount).meta({ description: "key=value, the 50 with most batches." }),
  }),
});
export type BatchList = z.infer<typeof BatchList>;
