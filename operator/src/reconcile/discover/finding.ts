import type { DiscoveryStatus, Reason } from "@codybatch/crds";
import { isReason } from "@codybatch/crds";
import type { Finding } from "../conditions.ts";
import { taskRefusal } from "../task/refused.ts";
import { isDiscovered } from "./answer.ts";
import { isFinal, subjectOf } from "./search.ts";
import type { Discovering } from "./start.ts";

/** Whether the repositories of the batch are known; no finding where nothing is searched for. */
export function discoveredFindings(discovering: Discovering): readonly Finding[] {
  const { observed, search } = discovering;
  if (observed.batch.spec.repositorySelector === undefined) return [];
  const { outcome, message = "" } = search.status ?? {};
  if (outcome === "Discovered" || isDiscovered(observed.batch, observed)) {
    return [{ type: "Discovered", status: "True", reason: "RepositoriesFound", message }];
  }
  const refused = taskRefusal(observed);
  if (refused !== undefined)
    return [notYet("PodRefused", `The cluster refuses the Job that searches: ${refused}. It is tried again by itself.`)];
  return [searching(discovering)];
}

/** Its search has failed in a way that nothing but an edit mends. */
export function isGivenUp({ observed, search: { status, runs } }: Discovering): boolean {
  const { batch } = observed;
  if (runs || isDiscovered(batch, observed) || status?.outcome !== "Refused") return false;
  return isFinal(status.reason) && status.subject === subjectOf(observed);
}

function searching({ observed, search }: Discovering): Finding {
  const { status, runs, waits } = search;
  const reason = reasonOf(status);
  if (runs || status === undefined || reason === undefined) {
    return notYet(
      "Discovering",
      `The search for repositories ${waits === undefined ? "runs" : `waits to start: ${waits}`}. Nothing starts before its answer.`,
    );
  }
  const next = status.againAt === undefined ? "" : ` It is tried again at ${status.againAt}.`;
  const edited = isFinal(reason) && status.subject !== subjectOf(observed);
  return notYet(reason, edited ? "The limits or entries were changed, so the search is tried again." : `${status.message ?? ""}${next}`);
}

const passing = { RateLimited: "RateLimited", Unavailable: "HostUnavailable", Lost: "JobLost" } as const;

function reasonOf(status: DiscoveryStatus | undefined): Reason | undefined {
  const { outcome, reason = "" } = status ?? {};
  if (outcome === undefined || outcome === "Discovered") return undefined;
  if (outcome !== "Refused") return passing[outcome];
  return isReason(reason) ? reason : undefined;
}

function notYet(reason: Reason, message: string): Finding {
  return { type: "Discovered", status: "False", reason, message };
}
