import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exportedMetrics, processMetrics } from "../chart/metrics.ts";

const page = join(import.meta.dirname, "../../../docs/guide/monitoring.md");

const words = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);

/** Names and labels of each row of the page's table. */
async function rows(): Promise<readonly (readonly [names: readonly string[], labels: readonly string[]])[]> {
  const [, table = ""] = (await readFile(page, "utf8")).split("| metric | labels |");
  return [...table.matchAll(/^\| (`.+?) \| (.*?)\| .+ \|$/gm)].map(([, names = "", labels = ""]) => [words(names), words(labels)]);
}

test("monitoring.md has a row, with the labels, for each metric of the operator, and each row is a metric", async () => {
  const told = (await rows()).flatMap(([names, labels]) => names.map((name) => `${name} ${labels.join()}`));
  const exported = (await exportedMetrics()).map(({ name, labelNames }) => `${name} ${labelNames.join()}`);
  expect(told.filter((row) => !row.includes("*")).toSorted()).toEqual(exported.toSorted());
});

test("monitoring.md has a pattern for each metric of the process", async () => {
  const prefixes = (await rows()).flatMap(([names]) => names.flatMap((name) => (name.endsWith("*") ? [name.slice(0, -1)] : [])));
  const known = processMetrics().map(({ name }) => name);
  expect(known.filter((name) => !prefixes.some((prefix) => name.startsWith(prefix)))).toEqual([]);
  expect(prefixes.filter((prefix) => !known.some((name) => name.startsWith(prefix)))).toEqual([]);
});
