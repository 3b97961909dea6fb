import { badRequest } from "../http/status.ts";

type Labels = Readonly<Record<string, string>>;
export type Matcher = (labels: Labels) => boolean;

const anything: Matcher = () => true;
const key = String.raw`([A-Za-z0-9./_-]+)`;
const forms: readonly (readonly [RegExp, (name: string, value: string) => Matcher])[] = [
  [new RegExp(`^${key}$`), (name) => (labels) => labels[name] !== undefined],
  [new RegExp(`^!\\s*${key}$`), (name) => (labels) => labels[name] === undefined],
  [new RegExp(`^${key}\\s*!=\\s*([A-Za-z0-9._-]*)$`), (name, value) => (labels) => labels[name] !== value],
  [new RegExp(`^${key}\\s*==?\\s*([A-Za-z0-9._-]*)$`), (name, value) => (labels) => labels[name] === value],
  [new RegExp(`^${key}\\s+in\\s+\\(([^()]*)\\)$`), (name, value) => isIn(name, value)],
  [new RegExp(`^${key}\\s+notin\\s+\\(([^()]*)\\)$`), (name, value) => isNotIn(name, value)],
];

function members(list: string): ReadonlySet<string> {
  return new Set(list.split(",").map((item) => item.trim()));
}

function isIn(name: string, list: string): Matcher {
  const values = members(list);
  return (labels) => labels[name] !== undefined && values.has(labels[name]);
}

function isNotIn(name: string, list: string): Matcher {
  const values = members(list);
  return (labels) => labels[name] === undefined || !values.has(labels[name]);
}

/** A label selector such as `a=b,!c,d in (e,f)`. Throws a 400 for anything else. */
export function labelMatcher(selector: string): Matcher {
  if (selector.trim() === "") return anything;
  const terms = selector.split(/,(?![^(]*\))/).map((term) => termMatcher(term.trim()));
  return (labels) => terms.every((term) => term(labels));
}

function termMatcher(term: string): Matcher {
  for (const [form, make] of forms) {
    const found = form.exec(term);
    if (found !== null) return make(found[1] ?? "", found[2] ?? "");
  }
  throw badRequest(
    `unable to parse requirement: found '${term}', expected a label, !label, label=value, label!=value, label in (…) or label notin (…)`,
  );
}
