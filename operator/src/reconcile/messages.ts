import { claimPath, isReason, reasons, recordKey, recordName } from "@codybatch/crds";
import type { BatchChange, BatchChangeSpec, Changeset, StoredPatch } from "@codybatch/crds";

/** Patches one field of a BatchChange or Changeset, ready to paste. */
function patchCommand(kind: "bc" | "cset", { namespace, name }: Changeset["metadata"], spec: object): string {
  return `kubectl -n ${namespace} patch ${kind} ${name} --type merge -p '${JSON.stringify({ spec })}'`;
}

/** Runs this repository again. */
export function retryCommand(changeset: Changeset): string {
  return patchCommand("cset", changeset.metadata, { attempt: changeset.spec.attempt + 1 });
}

/** Runs every failed repository of a batch again. */
export function retryFailedCommand({ metadata, spec }: BatchChange): string {
  return patchCommand("bc", metadata, { retryFailed: spec.retryFailed + 1 });
}

/** Ends the quotes of the shell around the name that the API server knows its caller by. */
const caller = `'"$(kubectl auth whoami -o jsonpath='{.status.userInfo.username}')"'`;

/** Approves exactly this patch, in the name of whoever pastes it. */
export function approveCommand({ metadata }: Changeset, { digest }: StoredPatch): string {
  return patchCommand("cset", metadata, { approval: { patch: digest, by: "CALLER" } }).replace("CALLER", () => caller);
}

/** Takes the approval back and gives it again, which publishes once more. */
export function approveAgainCommand(changeset: Changeset, patch: StoredPatch): string {
  return `${patchCommand("cset", changeset.metadata, { approval: null })} && ${approveCommand(changeset, patch)}`;
}

/** Shows what a running pod has done so far. */
export function progressCommand({ metadata: { namespace } }: Changeset, pod: string): string {
  const key = recordKey.progress.replaceAll(".", String.raw`\.`);
  return `kubectl -n ${namespace} get cm ${recordName.live(pod)} -o jsonpath='{.data.${key}}'`;
}

/** Shows the patch where it lies. Only a pod can read a claim. */
export function readPatchCommand({ metadata: { namespace } }: Changeset, { ref }: StoredPatch): string {
  const path = claimPath(ref);
  if (path !== undefined)
    return `make the pod results-reader (docs/guide/claim.md), then kubectl -n ${namespace} exec results-reader -- cat /results/${path} | gunzip`;
  return `kubectl -n ${namespace} get cm ${ref} -o jsonpath='{.binaryData.change\\.patch\\.gz}' | base64 -d | gunzip`;
}

/** Makes the Secrets that an attempt needs, or adds the key to one that is there; keys are read from files, so that they stay out of the shell's history. */
export function secretCommands({ metadata: { namespace } }: Changeset, { credentials }: BatchChangeSpec): string {
  const make = (name: string, key: string): string =>
    `kubectl -n ${namespace} create secret generic ${name} --from-file=${key}=<file> --dry-run=client -o yaml | kubectl apply -f -`;
  return `${make(credentials.anthropicSecret, "api-key")} (key for Claude) or ${make(credentials.githubReadSecret, "token")} (token for cloning)`;
}

/** What a reason means, in the runner's own words where it had some, and what to do. */
export function meaningOf(reason: string, said?: string): string {
  const { meaning, next } = isReason(reason) ? reasons[reason] : { meaning: reason, next: "" };
  return [said === undefined || said === "" ? meaning : said, next].filter((part) => part !== "").join(" ");
}

/** The command that a reason's next step amounts to. */
export function nextCommand(reason: string, changeset: Changeset, spec: BatchChangeSpec): string {
  const retry = `Run it again: ${retryCommand(changeset)}`;
  return reason === "SecretMissing" || reason === "KeyMissing" ? `Make it: ${secretCommands(changeset, spec)}. ${retry}` : retry;
}
