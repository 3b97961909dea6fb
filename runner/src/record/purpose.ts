import { label, type RecordInput, storedResult } from "@codybatch/crds";

/** What of a record depends on what its pod is for. */
export interface Purpose {
  /** The records are deleted with it. */
  readonly owner: { readonly kind: "Changeset" | "BatchChange"; readonly name: string; readonly uid: string };
  readonly labels: Readonly<Record<string, string>>;
  /** The form of `/out/result.json`, and most bytes of it. */
  readonly result: (typeof storedResult)[keyof typeof storedResult];
}

export function purposeOf(input: RecordInput): Purpose {
  const result = storedResult[input.task ?? "change"];
  if (!("changeset" in input)) {
    const { batchChange } = input;
    return { owner: { kind: "BatchChange", ...batchChange }, labels: { [label.batchChange]: batchChange.name }, result };
  }
  const { batchChange, changeset } = input;
  const labels = { [label.batchChange]: batchChange, [label.changeset]: changeset.name };
  return { owner: { kind: "Changeset", ...changeset }, labels, result };
}
