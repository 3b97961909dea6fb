import { isReason, reasons, type BatchChangeSpec, type Changeset, type StoredPatch } from "@codybatch/crds";

/** Patches one field of a Changeset, ready to paste. */
function patchCommand({ metadata: { namespace, name } }: Changeset, spec: object): string {
  return `kubectl -n ${namespace} patch cset ${name} --type merge -p '${JSON.stringify({ spec })}'`;
}

/** Runs this repository again. */
export function retryCommand(changeset: Changeset): string {
  return patchCommand(changeset, { attempt: changeset.spec.attempt + 1 });
}

/** Approves exactly this patch. */
export function approveCommand(changeset: Changeset, { digest }: StoredPatch): string {
  return patchCommand(changeset, { approval: { patch: digest, by: "<your user name>" } });
}

/** Shows the patch where it lies in a ConfigMap. */
export function readPatchCommand({ metadata: { namespace } }: Changeset, { ref }: StoredPatch): string {
  if (ref.startsWith("pvc:")) return `it lies on the claim at ${ref.slice(4)}`;
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
