/** The part of this package that a browser can load: schema, validation and limits, nothing of Node. */
export { apiVersion } from "./api.ts";
export { BatchChangeSpec } from "./kinds/batch-change.ts";
export { formatUSD, nanoUSD } from "./kinds/field.ts";
export { limitFault } from "./limits/limits.ts";
export type { SchemaNode } from "./schema/node.ts";
export { defaultText } from "./schema/node.ts";
export { schemaOf } from "./schema/resource.ts";
export { validate } from "./validate.ts";
