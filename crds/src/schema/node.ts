import { z } from "zod";

const changeKinds = ["immutable", "live", "until-published"] as const;
/** Whether a field may be edited: never, at any time, or until a pull request is open. */
export type ChangeKind = (typeof changeKinds)[number];

const valueKeywords = {
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  format: z.enum(["date-time"]).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.int().optional(),
  maxLength: z.int().optional(),
  minItems: z.int().optional(),
  maxItems: z.int().optional(),
  maxProperties: z.int().optional(),
  pattern: z.string().optional(),
  required: z.array(z.string()).optional(),
};

const extensions = {
  "x-kubernetes-int-or-string": z.literal(true).optional(),
  "x-kubernetes-list-type": z.enum(["map", "set", "atomic"]).optional(),
  "x-kubernetes-list-map-keys": z.array(z.string()).optional(),
  /** Our own, not part of a CRD: the words for a value that does not match `pattern`. */
  "x-codybatch-form": z.string().optional(),
  /** Our own, not part of a CRD: whether a field may be edited. */
  "x-codybatch-change": z.enum(changeKinds).optional(),
};

/** The keywords of one node; any other is refused. */
export const Keywords = z.strictObject({
  type: z.enum(["object", "array", "string", "integer", "number", "boolean"]).optional(),
  ...valueKeywords,
  ...extensions,
});

/** A default that is one value, as text; undefined for none and for an object. */
export function defaultText({ default: own }: SchemaNode): string | undefined {
  if (own === undefined || typeof own === "object") return undefined;
  return typeof own === "string" ? own : JSON.stringify(own);
}

/** One schema node in the structural subset of OpenAPI v3 that an API server takes. */
export interface SchemaNode extends Readonly<z.infer<typeof Keywords>> {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode;
}
