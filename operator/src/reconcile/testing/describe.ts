import { formatUSD } from "@codybatch/crds";
import { placeOf } from "../try.ts";
import type { Action } from "../wish.ts";
import type { World } from "./world.ts";

/** One line for a reader, with repositories instead of generated names; undefined for what tells nothing. */
export function describeAction(action: Action, world: World): string | undefined {
  if (action.kind === "CreateJob" || action.kind === "SuspendJob" || action.kind === "DeleteJob") return jobAction(action, world);
  if (action.kind === "PatchChangesetStatus") return changesetWords(action);
  if (action.kind === "PatchBatchStatus") return batchWords(action);
  if (action.kind === "EmitEvent") return `event ${action.notice.type} ${action.notice.reason}: ${action.notice.message}`;
  return otherAction(action, world);
}

type Of<K extends Action["kind"]> = Extract<Action, { kind: K }>;

function jobAction(action: Of<"CreateJob" | "SuspendJob" | "DeleteJob">, world: World): string {
  const job = `Job ${jobWords(action.name, world)}`;
  if (action.kind === "DeleteJob") return `delete ${job}`;
  if (action.kind === "SuspendJob") return `stop ${job}: ${action.because}`;
  return `start ${job}, $${formatUSD(action.reservedNanoUSD)} reserved${resumeWords(action)}`;
}

function otherAction(action: Action, world: World): string | undefined {
  if (action.kind === "CreatePrompt") return "store the prompt";
  if (action.kind === "CreateChangeset") return `create the Changeset of ${action.spec.repository.name}`;
  if (action.kind === "CreateTask") return `start Job ${taskWords(action.name, world)}`;
  if (action.kind === "DeleteTask") return `delete Job ${taskWords(action.name, world)}`;
  if (action.kind === "DeleteConfigMap") return `delete ConfigMap ${action.name}`;
  if (action.kind === "DeleteBatchChange") return `delete BatchChange ${action.batch.metadata.name}`;
  if (action.kind !== "RaiseRetryGeneration") return undefined;
  return `run ${action.changeset.spec.repository.name} again: retryGeneration ${action.retryGeneration}`;
}

/** Such as `acme/api 0-1`: attempt 0, try 1. */
export function jobWords(name: string, world: World): string {
  const { attempt, try: number } = placeOf(name)!;
  const changeset = world.changesets.get(name.replace(/-\d+-\d+$/, ""));
  return `${changeset?.spec.repository.name ?? name} ${attempt}-${number}`;
}

/** Such as `acme/api publish 1`. */
function taskWords(name: string, world: World): string {
  const { job } = world.tasks.all.findLast((one) => one.job.name === name) ?? {};
  const [, owner = "", mark = "", number = ""] = /^(.*)-([a-z]+)-(\d+)$/.exec(name) ?? [];
  const task = job?.task ?? (mark === "pr" ? "publish" : mark);
  return `${world.changesets.get(owner)?.spec.repository.name ?? owner} ${task} ${number}`;
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
  return type === "Accepted" || type === "Discovered" ? status === "False" : status === "True" && type !== "Approved";
}
