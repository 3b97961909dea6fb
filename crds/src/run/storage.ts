import { z } from "zod";

/** Where a pod's recorder puts things, and how much. */
export const RunStorage = z.object({
  type: z.enum(["ConfigMap", "PersistentVolumeClaim"]),
  /** Most bytes, gzipped, that this run may store. */
  maxBytes: z.int(),
});
