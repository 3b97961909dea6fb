/** The query of an address, before a page has read it. */
export type RawSearch = Readonly<Record<string, unknown>>;

/** Plain words, one for each key: no JSON in addresses that people share. */
export function parseSearch(text: string): RawSearch {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: RawSearch): string {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}

/** A text of the query, at most 512 characters; undefined for none. */
export function textIn(raw: RawSearch, key: string): string | undefined {
  const value = raw[key];
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).slice(0, 512);
  return text === "" ? undefined : text;
}

/** One of the allowed words; undefined for any other. */
export function wordIn<const T extends string>(raw: RawSearch, key: string, allowed: readonly T[]): T | undefined {
  const text = textIn(raw, key);
  return allowed.find((word) => word === text);
}

/** A whole number from 1 to a million. */
export function numberIn(raw: RawSearch, key: string): number | undefined {
  const text = textIn(raw, key);
  if (text === undefined || !/^[1-9]\d{0,5}$/.test(text)) return undefined;
  return Number(text);
}

/** The words of a list with commas, those that are allowed. */
export function wordsOf<const T extends string>(list: string | undefined, allowed: readonly T[]): readonly T[] {
  const given = (list ?? "").split(",");
  return allowed.filter((word) => given.includes(word));
}

/** The list with the word put in, or taken out if it was there. */
export function toggled(list: string | undefined, word: string): string | undefined {
  const given = (list ?? "").split(",").filter((each) => each !== "");
  const next = given.includes(word) ? given.filter((each) => each !== word) : [...given, word];
  return next.length === 0 ? undefined : next.join(",");
}
