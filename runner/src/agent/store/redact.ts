import { makeRedactor } from "../../redact/index.ts";

const shortestSecret = 8;

/** Takes secrets out of what is stored or logged. Never used on what goes to the API: history there must stay as it was. */
export interface Redaction {
  readonly text: (text: string) => string;
  /** Any JSON value, its keys too. */
  readonly value: (value: unknown) => unknown;
  /** Whether bytes that cannot be redacted, a patch, hold a literal secret of this pod. */
  readonly finds: (bytes: Uint8Array) => boolean;
  /** Takes these out as well from now on. */
  readonly learn: (values: readonly string[]) => void;
}

export function makeRedaction(secrets: readonly string[]): Redaction {
  const known = [...secrets];
  let redact = makeRedactor(known);
  const text = (input: string): string => redact(input);
  const literals = secrets.map((secret) => secret.trim()).filter((secret) => secret.length >= shortestSecret);
  const value = (input: unknown): unknown => {
    if (typeof input === "string") return text(input);
    if (Array.isArray(input)) return input.map(value);
    if (typeof input !== "object" || input === null) return input;
    return Object.fromEntries(Object.entries(input).map(([key, inner]) => [text(key), value(inner)]));
  };
  const finds = (bytes: Uint8Array): boolean => literals.some((literal) => Buffer.from(bytes).includes(literal));
  const learn = (values: readonly string[]): void => {
    known.push(...values);
    redact = makeRedactor(known);
  };
  return { text, value, finds, learn };
}
