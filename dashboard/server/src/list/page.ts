import { z } from "zod";
import { Refusal } from "../http/refusal.ts";

/** Where a row stands in an order: numbers or texts, the last one unlike that of any other row. */
export type Place = readonly (number | string)[];

export interface Order<T> {
  readonly place: (row: T) => Place;
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
export function pageOf<T>(rows: readonly T[], { place, descending }: Order<T>, { sort, cursor, limit = defaultPageSize }: Asked): Page<T> {
  const sign = descending ? -1 : 1;
  const after = cursor === undefined ? undefined : placeOf(cursor, sort);
  const first = new First<T>(limit + 1, (left, right) => sign * compare(left, right));
  for (const row of rows) {
    const at = place(row);
    if (after === undefined || sign * compare(at, after) > 0) first.offer({ row, at });
  }
  const { found } = first;
  const last = found.length > limit ? found[limit - 1] : undefined;
  return { rows: found.slice(0, limit).map(({ row }) => row), next: last === undefined ? undefined : cursorOf(sort, last.at) };
}

interface Placed<T> {
  readonly row: T;
  readonly at: Place;
}

/** The first few of many in order, without sorting all of them: most rows are compared once. */
class First<T> {
  readonly #most: number;
  readonly #compare: (left: Place, right: Place) => number;
  readonly found: Placed<T>[] = [];

  constructor(most: number, compare: (left: Place, right: Place) => number) {
    [this.#most, this.#compare] = [most, compare];
  }

  offer(placed: Placed<T>): void {
    const last = this.found.at(-1);
    if (this.found.length === this.#most && last !== undefined && this.#compare(placed.at, last.at) >= 0) return;
    this.found.splice(this.#placeOf(placed.at), 0, placed);
    if (this.found.length > this.#most) this.found.pop();
  }

  #placeOf(at: Place): number {
    let [low, high] = [0, this.found.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.found[middle];
      if (other !== undefined && this.#compare(other.at, at) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** By the first part that differs. */
function compare(left: Place, right: Place): number {
  for (let index = 0; index < left.length; index += 1) {
    const [a, b] = [left[index] ?? "", right[index] ?? ""];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

function cursorOf(sort: string, place: Place): string {
  return Buffer.from(JSON.stringify([sort, ...place])).toString("base64url");
}

function placeOf(cursor: string, sort: string): Place {
  const [named, ...place] = parsed(cursor);
  if (named !== sort) throw refused();
  return place;
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
