import { invalid } from "../../refusal.ts";

/** `name:value` of a search. */
export interface Term {
  readonly name: string;
  readonly value: string;
  readonly isNegated: boolean;
}

export interface Query {
  readonly words: readonly string[];
  readonly terms: readonly Term[];
}

/** GitHub's own most. */
const longest = 256;

/** Reads a search. Throws a 422 for one that GitHub refuses, or that uses a qualifier which the stand-in does not know. */
export function parseQuery(text: string, known: ReadonlySet<string>): Query {
  if (text.trim() === "") throw invalid({ resource: "Search", field: "q", code: "missing" });
  if (text.length > longest) throw wrong("The search is longer than 256 characters.");
  const words: string[] = [];
  const terms: Term[] = [];
  for (const [, minus = "", name, quoted, plain = ""] of text.matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/gi)) {
    const value = quoted ?? plain;
    if (name === undefined) words.push(`${minus}${value}`);
    else if (known.has(name.toLowerCase())) terms.push({ name: name.toLowerCase(), value, isNegated: minus === "-" });
    else throw wrong(`The stand-in for GitHub does not know the qualifier "${name}"; it knows ${[...known].join(", ")}.`);
  }
  return { words, terms };
}

function wrong(message: string): Error {
  return invalid({ resource: "Search", field: "q", code: "invalid", message });
}
