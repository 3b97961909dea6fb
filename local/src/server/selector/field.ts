import { badRequest } from "../http/status.ts";
import type { Resource } from "../kinds/resource.ts";
import type { Matcher } from "./label.ts";

/** A field selector such as `metadata.name=a,status.phase!=Running`. Throws a 400 for a field that the kind does not offer. */
export function fieldMatcher(resource: Resource, selector: string): Matcher {
  const terms = selector
    .split(/(?<!\\),/)
    .filter((term) => term.trim() !== "")
    .map((term) => termMatcher(resource, term.trim()));
  return (fields) => terms.every((term) => term(fields));
}

function termMatcher(resource: Resource, term: string): Matcher {
  const found = /^([^=!]+)(!=|==|=)(.*)$/.exec(term);
  if (found === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const [, field = "", operator, escaped = ""] = found;
  const value = escaped.replaceAll(/\\([\\,=])/g, "$1");
  if (!selectable(resource).includes(field)) throw unknownField(resource, field);
  return operator === "!=" ? (fields) => (fields[field] ?? "") !== value : (fields) => (fields[field] ?? "") === value;
}

function unknownField(resource: Resource, field: string): Error {
  if (resource.selectableFields.length > 0) return badRequest(`field label not supported: ${field}`);
  return badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
}

/** Every path that a field selector of this kind may name. */
export function selectable(resource: Resource): readonly string[] {
  return resource.namespaced
    ? ["metadata.name", "metadata.namespace", ...resource.selectableFields]
    : ["metadata.name", ...resource.selectableFields];
}
