/** The ways in which a field can be wrong, in an API server's words where it has some, and the reason that a Status object gives for each. */
export const causeReason = {
  "Required value": "FieldValueRequired",
  "Invalid value": "FieldValueInvalid",
  "Invalid type": "FieldValueTypeInvalid",
  "Unsupported value": "FieldValueNotSupported",
  "Too long": "FieldValueTooLong",
  "Too many": "FieldValueTooMany",
  "Duplicate value": "FieldValueDuplicate",
  Forbidden: "FieldValueForbidden",
  "unknown field": "FieldValueInvalid",
} as const;
export type FieldRule = keyof typeof causeReason;

/** One fault of a manifest. */
export interface FieldError {
  /** Such as `spec.repositories[0].url`. */
  readonly path: string;
  readonly rule: FieldRule;
  /** Rule, value and remedy, without the path: `Invalid value: "x": must be …`. */
  readonly message: string;
}

/** The text that kubectl prints for a refused object. */
export function describeErrors(kind: string, name: string, errors: readonly FieldError[]): string {
  const lines = errors.map(({ path, message, rule }) => (rule === "unknown field" ? message : `${path}: ${message}`));
  return `${kind}.codybatch.dev "${name}" is invalid: ${lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`}`;
}

/** A value as messages show it: at most 1,000 characters of JSON. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
}
