export type Redactor = (text: string) => string;

// What a credential looks like, for those that a repository or a model brings along: GitHub's tokens and Anthropic's keys.
const shapes = /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|sk-ant-[A-Za-z0-9_-]{20,255})/g;

/** Shorter texts are no secrets; replacing them would only garble what is stored. */
const shortestSecret = 8;

/** Replaces the given secrets and whatever is shaped like a credential by `[redacted]`. */
export function makeRedactor(secrets: readonly string[] = []): Redactor {
  const literals = [...new Set(secrets.flatMap(forms))].filter((secret) => secret.length >= shortestSecret);
  const longestFirst = literals.toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text).replace(shapes, "[redacted]");
}

/** A secret as it is, and as it stands inside JSON or a URL. */
function forms(secret: string): string[] {
  const trimmed = secret.trim();
  return [trimmed, JSON.stringify(trimmed).slice(1, -1), encodeURIComponent(trimmed)];
}
