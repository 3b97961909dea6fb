import type { ChangeData, HunkData } from "react-diff-view";

type Deleted = Extract<ChangeData, { type: "delete" }>;
type Inserted = Extract<ChangeData, { type: "insert" }>;

// Pairing is quadratic; a longer run is compared line by line in order.
const mostPaired = 400;

/** The hunk with lines that differ in white space alone shown as unchanged; undefined when nothing else is left. */
export function withoutWhitespace(hunk: HunkData): HunkData | undefined {
  const changes: ChangeData[] = [];
  let deleted: Deleted[] = [];
  let inserted: Inserted[] = [];
  const settle = (): void => {
    changes.push(...paired(deleted, inserted));
    [deleted, inserted] = [[], []];
  };
  for (const change of hunk.changes) {
    if (change.type === "normal" || (change.type === "delete" && inserted.length > 0)) settle();
    if (change.type === "delete") deleted.push(change);
    else if (change.type === "insert") inserted.push(change);
    else changes.push(change);
  }
  settle();
  return changes.every(({ type }) => type === "normal") ? undefined : { ...hunk, changes };
}

function bare(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

function paired(deleted: readonly Deleted[], inserted: readonly Inserted[]): readonly ChangeData[] {
  const pairs = deleted.length * inserted.length > mostPaired * mostPaired ? inOrder(deleted, inserted) : common(deleted, inserted);
  const changes: ChangeData[] = [];
  let [from, to] = [0, 0];
  for (const [left, right] of pairs) {
    changes.push(...deleted.slice(from, left), ...inserted.slice(to, right));
    const [old, young] = [deleted[left], inserted[right]];
    if (old !== undefined && young !== undefined) changes.push(unchanged(old, young));
    [from, to] = [left + 1, right + 1];
  }
  return [...changes, ...deleted.slice(from), ...inserted.slice(to)];
}

function unchanged(old: Deleted, young: Inserted): ChangeData {
  return { type: "normal", isNormal: true, content: young.content, oldLineNumber: old.lineNumber, newLineNumber: young.lineNumber };
}

type Pair = readonly [left: number, right: number];

function inOrder(deleted: readonly Deleted[], inserted: readonly Inserted[]): readonly Pair[] {
  return deleted.flatMap(({ content }, index): readonly Pair[] =>
    inserted[index] !== undefined && bare(content) === bare(inserted[index].content) ? [[index, index]] : [],
  );
}

/** The longest common subsequence of the lines without their white space. */
function common(deleted: readonly Deleted[], inserted: readonly Inserted[]): readonly Pair[] {
  const [old, young] = [deleted.map(({ content }) => bare(content)), inserted.map(({ content }) => bare(content))];
  const width = young.length + 1;
  const best = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number): number => best[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = young.length - 1; column >= 0; column--) {
      best[row * width + column] =
        old[row] === young[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: Pair[] = [];
  let [row, column] = [0, 0];
  while (row < old.length && column < young.length) {
    if (old[row] === young[column]) pairs.push([row++, column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return pairs;
}
