import { DiscoverResult, recordKey, type BatchChangeSpec, type BatchChangeStatus } from "@codybatch/crds";
import type { BatchDetail } from "@codybatch/dashboard-contract";
import type { Client } from "@codybatch/operator";
import { readRecord, type RecordOwner } from "../payload/record.ts";
import { unlessForbidden } from "./unless-forbidden.ts";

type Summary = BatchDetail["discovery"];

/** What spec.repositorySelector came to, from the stored answer of the discover Job. */
export async function discoveryOf(client: Client, owner: RecordOwner, spec: BatchChangeSpec, status: BatchChangeStatus): Promise<Summary> {
  if (spec.repositorySelector === undefined) return { state: "NotAsked" };
  const ref = status.discovery?.ref;
  if (ref === undefined) return { state: "Running" };
  const stored = await unlessForbidden(() => readRecord(client, owner, ["result"], ref));
  const result = resultOf(stored?.data[recordKey.result]);
  if (result === undefined) return { state: "Done", message: "What was found is no longer stored, or the dashboard may not read it." };
  return { ...standing(result), ...foundOf(result) };
}

function resultOf(text: string | undefined): DiscoverResult | undefined {
  try {
    return text === undefined ? undefined : DiscoverResult.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function standing({ outcome }: DiscoverResult): Summary {
  if (outcome.kind === "Discovered") return { state: "Done", message: outcome.message, taken: outcome.repositories.length };
  return { state: outcome.kind === "Refused" ? "Refused" : "Running", message: outcome.message };
}

function foundOf({ discovery }: DiscoverResult): Pick<Summary, "found" | "skipped"> {
  if (discovery === undefined) return {};
  const skipped = Object.entries(discovery.skippedCounts).map(([reason, count]) => ({ reason, count: count ?? 0 }));
  return { found: discovery.found, skipped };
}
