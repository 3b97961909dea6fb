import type { z } from "zod";
import type { Kind } from "../schema/resource.ts";
import { sameJson } from "../validate/json.ts";

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

/** A rule over one state. */
export function invariant<View extends z.ZodType>(written: Written<View> & { readonly holds: (self: z.infer<View>) => boolean }): Rule {
  const { view, holds, reason = "Invalid value", ...rest } = written;
  return {
    ...rest,
    reason,
    when: "always",
    holds: (self) => {
      const seen = view.safeParse(self);
      return !seen.success || holds(seen.data);
    },
  };
}

/** A rule over two states; it is not asked when the node is new. */
export function transition<View extends z.ZodType>(
  written: Written<View> & { readonly holds: (self: z.infer<View>, oldSelf: z.infer<View>) => boolean },
): Rule {
  const { view, holds, reason = "Invalid value", ...rest } = written;
  return {
    ...rest,
    reason,
    when: "update",
    holds: (self, oldSelf) => {
      const [seen, old] = [view.safeParse(self), view.safeParse(oldSelf)];
      return !seen.success || !old.success || holds(seen.data, old.data);
    },
  };
}

/** A rule over one state that may look at the state before, which a new object does not have. */
export function guarded<View extends z.ZodType>(
  written: Written<View> & { readonly holds: (self: z.infer<View>, oldSelf: z.infer<View> | undefined) => boolean },
): Rule {
  const { view, holds, reason = "Invalid value", ...rest } = written;
  return {
    ...rest,
    reason,
    when: "always, with old",
    holds: (self, oldSelf) => {
      const [seen, old] = [view.safeParse(self), view.safeParse(oldSelf)];
      return !seen.success || holds(seen.data, old.data);
    },
  };
}

/** The CEL for "the field is as it was", also where it is absent. */
export function unchangedCel(field: string): string {
  return `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`;
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
    holds: (self, oldSelf) => sameJson(fieldOf(self, field), fieldOf(oldSelf, field)),
  };
}

function fieldOf(node: unknown, field: string): unknown {
  return typeof node === "object" && node !== null ? Object.entries(node).find(([name]) => name === field)?.[1] : undefined;
}
