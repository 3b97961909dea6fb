import type { UsageReport } from "@codybatch/dashboard-contract";
import { download } from "../text/download.ts";
import { usageCSV } from "./csv.ts";

export function downloadCSV(report: UsageReport): void {
  download(`usage-${report.from}-${report.to}.csv`, "text/csv", usageCSV(report));
}
