import type { SchemaNode } from "@codybatch/crds/browser";
import type { Fault } from "./faults.ts";
import type { Path } from "./path.ts";

/** What every field of the form needs. */
export interface FieldProps {
  readonly node: SchemaNode;
  readonly path: Path;
  readonly root: unknown;
  readonly faults: readonly Fault[];
  readonly onChange: (path: Path, value: unknown) => void;
  readonly isRequired?: boolean;
}
