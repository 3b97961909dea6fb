import type { UsageReport } from "@codybatch/dashboard-contract";

const head = ["slice", "key", "attempts", "input", "output", "cacheRead", "cacheWrite", "costUSD"] as const;

/** A cell that no spreadsheet takes for a formula or for two cells. */
export function cell(value: string | number | undefined): string {
  const text = value === undefined ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Every slice of the report, one line each, ended by CRLF as RFC 4180 says. */
export function usageCSV({ perDay = [], perModel = [], perNamespace = [], perBatch = [] }: UsageReport): string {
  const slices = { day: perDay, model: perModel, namespace: perNamespace, batch: perBatch };
  const lines = Object.entries(slices).flatMap(([name, rows]) =>
    rows.map(({ key, attempts, input, output, cacheRead, cacheWrite, costUSD }) => [
      name,
      key,
      attempts,
      input,
      output,
      cacheRead,
      cacheWrite,
      costUSD,
    ]),
  );
  return [head, ...lines].map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}
