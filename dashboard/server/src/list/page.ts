import { z } from "zod";
import { Refusal } from "../http/refusal.ts";
import { First } from "./first.ts";

type Key = number | string;

/** By a number or text first, which is computed once for a row; by the ties only where that is equal. */
export interface Order<T> {
  readonly lead: (row: T) => Key;
  /** The last one gives what no other row has. */
  readonly ties: readonly ((row: T) => string)[];
  readonly descending: boolean;
}

export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | undefined;
}

const Cursor = z.tuple([z.string()]).rest(z.union([z.number(), z.string()]));
export const defaultPageSize = 50;

interface Asked {
  /** Name of the order: a cursor of another one is refused. */
  readonly sort: string;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** One page in order. The cursor is the place of the last row that was seen, so rows that come and go in between neither repeat nor skip others. */
export function pageOf<T>(rows: readonly T[], order: Order<T>, { sort, cursor, limit = defaultPageSize }: Asked): Page<T> {
  const after = cursor === undefined ? undefined : keysOf(cursor, sort);
  const first = new First<Placed<T>>(limit + 1, (left, right) => compare(order, left, right));
  for (const row of rows) {
    const placed = { row, lead: order.lead(row) };
    if (after === undefined || isAfter(order, placed, after)) first.offer(placed);
  }
  const { found } = first;
  const last = found.length > limit ? found[limit - 1] : undefined;
  return { rows: found.slice(0, limit).map(({ row }) => row), next: last === undefined ? undefined : cursorOf(sort, order, last) };
}

interface Placed<T> {
  readonly row: T;
  readonly lead: Key;
}

function compare<T>({ ties, descending }: Order<T>, left: Placed<T>, right: Placed<T>): number {
  let difference = compareKeys(left.lead, right.lead);
  for (const tie of ties) {
    if (difference !== 0) break;
    difference = compareKeys(tie(left.row), tie(right.row));
  }
  return descending ? -difference : difference;
}

function isAfter<T>({ ties, descending }: Order<T>, { row, lead }: Placed<T>, keys: readonly Key[]): boolean {
  let difference = compareKeys(lead, keys[0] ?? "");
  for (let index = 0; difference === 0 && index < ties.length; index += 1) {
    difference = compareKeys(ties[index]?.(row) ?? "", keys[index + 1] ?? "");
  }
  return descending ? difference < 0 : difference > 0;
}

function compareKeys(left: Key, right: Key): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function cursorOf<T>(sort: string, { ties }: Order<T>, { row, lead }: Placed<T>): string {
  return Buffer.from(JSON.stringify([sort, lead, ...ties.map((tie) => tie(row))])).toString("base64url");
}

function keysOf(cursor: string, sort: string): readonly Key[] {
  const [named, ...keys] = parsed(cursor);
  if (named !== sort) throw refused();
  return keys;
}

function parsed(cursor: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    throw refused();
  }
}

function refused(): Refusal {
  return new Refusal("BadRequest", "The cursor is not one of this list and order. Begin at the first page.", { field: "cursor" });
}
