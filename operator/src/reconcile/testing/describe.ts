import { formatUSD } from "@codybatch/crds";
import { placeOf } from "../try.ts";
import type { Action } from "../wish.ts";
import type { World } from "./world.ts";

/** One line for a reader, with repositories instead of generated names; undefined for what tells nothing. */
export function describeAction(action: Action, world: World): string | undefined {
  switch (action.kind) {
    case "EnsureRecorderAccess":
      return undefined;
    case "CreatePrompt":
      return "store the prompt";
    case "CreateChangeset":
      return `create the Changeset of ${action.spec.repository.name}`;
    case "CreateJob":
      return `start Job ${jobWords(action.name, world)}, $${formatUSD(action.reservedNanoUSD)} reserved${resumeWords(action)}`;
    case "RaiseRetryGeneration":
      return `run ${action.changeset.spec.repository.name} again: retryGeneration ${action.retryGeneration}`;
    case "SuspendJob":
      return `stop Job ${jobWords(action.name, world)}: ${action.because}`;
    case "DeleteJob":
      return `delete Job ${jobWords(action.name, world)}`;
    case "DeleteConfigMap":
      return `delete ConfigMap ${action.name}`;
    case "PatchChangesetStatus":
      return changesetWords(action);
    case "PatchBatchStatus":
      return batchWords(action);
    case "DeleteBatchChange":
      return `delete BatchChange ${action.batch.metadata.name}`;
    case "EmitEvent":
      return `event ${action.notice.type} ${action.notice.reason}: ${action.notice.message}`;
  }
}

/** Such as `acme/api 0-1`: attempt 0, try 1. */
export function jobWords(name: string, world: World): string {
  const { attempt, try: number } = placeOf(name)!;
  const changeset = world.changesets.get(name.replace(/-\d+-\d+$/, ""));
  return `${changeset?.spec.repository.name ?? name} ${attempt}-${number}`;
}

function resumeWords({ manifest }: Extract<Action, { kind: "CreateJob" }>): string {
  const input = Object.values(manifest.spec.template.metadata.annotations)[0] ?? "{}";
  return "resume" in (JSON.parse(input) as object) ? ", from the stored patch" : "";
}

function changesetWords({ changeset, status }: Extract<Action, { kind: "PatchChangesetStatus" }>): string {
  const { phase, reason, message, diffStat, usage, outdated, conditions } = status;
  const approved = conditions?.some(({ type, status: is }) => type === "Approved" && is === "True");
  const extras = [diffStat, usage?.costUSD && `$${usage.costUSD}`, outdated && "outdated", approved && "approved"].filter(Boolean);
  const told = phase === "Failed" || phase === "AwaitingApproval" ? `\n    ${message}` : "";
  return `${changeset.spec.repository.name}: ${phase} ${reason}${extras.length > 0 ? ` (${extras.join(", ")})` : ""}${told}`;
}

function batchWords({ status }: Extract<Action, { kind: "PatchBatchStatus" }>): string {
  const cost = status.usage?.costUSD === undefined ? "" : `, $${status.usage.costUSD}`;
  const alarms = (status.conditions ?? []).filter(({ type, status: is }) => isAlarm(type, is));
  return [`batch: ${status.phase} ${status.progress}${cost}`, ...alarms.map(({ type, message }) => `${type}: ${message}`)].join("\n    ");
}

function isAlarm(type: string, status: string): boolean {
  if (type === "Progressing" || type === "Complete") return false;
  return type === "Accepted" ? status === "False" : status === "True" && type !== "Approved";
}
