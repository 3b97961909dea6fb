import { expect, it } from "vitest";
import { pageOf, type Order } from "./page.ts";

interface Row {
  readonly id: string;
  readonly rank: number;
}

const order = (descending: boolean): Order<Row> => ({ lead: ({ rank }) => rank, ties: [({ id }) => id], descending });
const rows: readonly Row[] = Array.from({ length: 100 }, (_none, index) => ({ id: `r${String(index).padStart(3, "0")}`, rank: index % 7 }));

it.each([true, false])("turns all pages in order while rows come and go (descending %s)", (descending) => {
  const seen: Row[] = [];
  let all = rows;
  let cursor: string | undefined;
  do {
    const page = pageOf(all, order(descending), { sort: "rank", cursor, limit: 9 });
    seen.push(...page.rows);
    cursor = page.next;
    // Each turn takes a row away that was seen, and one comes that lies before the cursor.
    all = [...all.filter(({ id }) => id !== seen.at(-1)?.id), { id: `new${seen.length}`, rank: descending ? 99 : -1 }];
  } while (cursor !== undefined);
  const sorted = rows.toSorted((a, b) => (descending ? -1 : 1) * (a.rank - b.rank || (a.id < b.id ? -1 : 1)));
  expect(seen).toEqual(sorted);
});

it("has no further page when the last one is just full", () => {
  expect(pageOf(rows, order(false), { sort: "rank", limit: 100 }).next).toBeUndefined();
});
