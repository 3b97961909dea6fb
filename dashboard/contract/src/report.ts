import { z } from "zod";
import { BatchName, NamespaceName } from "./field.ts";

export const ExportQuery = z.strictObject({
  namespace: NamespaceName,
  name: BatchName,
  format: z.enum(["csv", "json", "markdown"]).meta({ description: "A table of repositories, the same as JSON, or a report to read." }),
});
