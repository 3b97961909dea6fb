import { looseShapes, shapes } from "./shapes.ts";

export type Redactor = (text: string) => string;

const anyShape = new RegExp([...shapes.map(({ pattern }) => pattern), ...looseShapes].map(({ source }) => source).join("|"), "g");

/** Shorter texts are no secrets; replacing them would only garble what is stored. */
const shortestSecret = 8;

/** Replaces the given secrets and whatever is shaped like a credential by `[redacted]`. */
export function makeRedactor(secrets: readonly string[] = []): Redactor {
  const literals = [...new Set(secrets.flatMap(forms))].filter((secret) => secret.length >= shortestSecret);
  const longestFirst = literals.toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text).replace(anyShape, "[redacted]");
}

/** A secret as it is, and as it stands inside JSON or a URL. */
function forms(secret: string): string[] {
  const trimmed = secret.trim();
  return [trimmed, JSON.stringify(trimmed).slice(1, -1), encodeURIComponent(trimmed.toWellFormed())];
}
