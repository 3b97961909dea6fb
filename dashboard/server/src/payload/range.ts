import { Refusal } from "../http/refusal.ts";

export interface ByteRange {
  readonly start: number;
  /** The byte after the last one. */
  readonly end: number;
}

/** One range of `Range: bytes=…`; undefined for the whole. Several ranges at once are given as the whole, which HTTP allows. Throws 416. */
export function rangeOf(header: string | undefined, length: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  const range =
    first === "" ? { start: Math.max(0, length - Number(last)), end: length } : { start: Number(first), end: endOf(last, length) };
  if (range.start >= range.end || range.start >= length) {
    throw new Refusal("RangeNotSatisfiable", `The patch has ${length} bytes; the range lies outside.`);
  }
  return range;
}

function endOf(last: string, length: number): number {
  return last === "" ? length : Math.min(length, Number(last) + 1);
}
