import type { z } from "zod";
import type { Kind } from "../schema/resource.ts";
import { fieldAt, sameJson } from "../validate/json.ts";

/** One rule over an object, told twice: as CEL for an API server and as a function for everything else. */
export interface Rule {
  readonly kind: Kind;
  /** The node that CEL calls `self`: "" is the whole object, `spec.repositories[*]` each entry of a list. */
  readonly at: string;
  /** The field below that node that an error names, such as `.prompt`. */
  readonly field?: string;
  readonly cel: string;
  /** What is wrong and what to do. */
  readonly message: string;
  readonly reason: "Invalid value" | "Required value" | "Forbidden";
  /** When it is asked: always, only for an update of the node, or always but with the old node where there is one. */
  readonly when: "always" | "update" | "always, with old";
  /** Whether the rule holds; a node without the types that the rule reads holds, for the schema refuses it. */
  readonly holds: (self: unknown, oldSelf: unknown) => boolean;
}

interface Written<View extends z.ZodType> {
  readonly kind: Kind;
  readonly at: string;
  readonly field?: string;
  /** The fields that `holds` reads; anything else of the node is left out. */
  readonly view: View;
  readonly cel: string;
  readonly message: string;
  readonly reason?: Rule["reason"];
}

type Seen<View extends z.ZodType> = z.infer<View>;
type Over<View extends z.ZodType, Holds> = Written<View> & { readonly holds: Holds };

/** A rule over one state. */
export function invariant<View extends z.ZodType>(written: Over<View, (self: Seen<View>) => boolean>): Rule {
  const { view, holds } = written;
  return asRule(written, "always", (self) => {
    const seen = view.safeParse(self);
    return !seen.success || holds(seen.data);
  });
}

/** A rule over two states; it is not asked when the node is new. */
export function transition<View extends z.ZodType>(written: Over<View, (self: Seen<View>, oldSelf: Seen<View>) => boolean>): Rule {
  const { view, holds } = written;
  return asRule(written, "update", (self, oldSelf) => {
    const [seen, old] = [view.safeParse(self), view.safeParse(oldSelf)];
    return !seen.success || !old.success || holds(seen.data, old.data);
  });
}

/** A rule over one state that may look at the state before, which a new object does not have. */
export function guarded<View extends z.ZodType>(written: Over<View, (self: Seen<View>, oldSelf: Seen<View> | undefined) => boolean>): Rule {
  const { view, holds } = written;
  return asRule(written, "always, with old", (self, oldSelf) => {
    const seen = view.safeParse(self);
    return !seen.success || holds(seen.data, view.safeParse(oldSelf).data);
  });
}

/** A field that never changes once its node exists. */
export function immutable(kind: Kind, at: string, field: string, remedy: string): Rule {
  return {
    kind,
    at,
    field: `.${field}`,
    cel: unchangedCel(field),
    message: `is immutable: ${remedy}`,
    reason: "Invalid value",
    when: "update",
    holds: (self, oldSelf) => sameJson(fieldAt(self, field), fieldAt(oldSelf, field)),
  };
}

/** The CEL for "the field is as it was", also where it is absent. */
export function unchangedCel(field: string): string {
  return `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`;
}

function asRule<View extends z.ZodType>(written: Written<View>, when: Rule["when"], holds: Rule["holds"]): Rule {
  const { kind, at, field, cel, message, reason = "Invalid value" } = written;
  return { kind, at, ...(field === undefined ? {} : { field }), cel, message, reason, when, holds };
}
