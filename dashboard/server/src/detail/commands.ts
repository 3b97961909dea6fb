import type { BatchChangeSpec } from "@codybatch/crds";
import type { Command } from "@codybatch/dashboard-contract";
import type { Subject } from "../payload/subject.ts";
import type { BatchEntry } from "../watch/batch-entry.ts";
import { patchLine, quoted } from "./shell.ts";

const settled: ReadonlySet<string> = new Set(["Succeeded", "PartiallySucceeded", "Failed", "Cancelled"]);

/** What can be done next with a batch. */
export function batchCommands({ metadata, phase, counts }: BatchEntry, spec: BatchChangeSpec): Command[] {
  const { namespace, name } = metadata;
  const command = (purpose: Command["purpose"], title: string, change: object): Command => ({
    purpose,
    title,
    line: patchLine(namespace, "bc", name, change),
  });
  const isOpen = !settled.has(phase) && !spec.cancel;
  return [
    ...(counts.failed > 0 && !spec.cancel
      ? [command("retryFailed", "Run the failed repositories again", { retryFailed: Math.min(999, spec.retryFailed + 1) })]
      : []),
    ...(isOpen && !spec.suspend ? [command("suspend", "Start nothing new", { suspend: true })] : []),
    ...(isOpen && spec.suspend ? [command("resume", "Go on", { suspend: false })] : []),
    ...(isOpen ? [command("cancel", "Stop for good, keeping what is there", { cancel: true })] : []),
    { purpose: "look", title: "Show all of it", line: `kubectl -n ${quoted(namespace)} describe bc ${quoted(name)}` },
  ];
}

const busy: ReadonlySet<string> = new Set(["Running", "Publishing", "Removed", "Duplicate"]);

/** What can be done next with a repository. `user` is who would approve. */
export function repositoryCommands({ metadata, spec, status }: Subject, user: string): Command[] {
  const { namespace, name } = metadata;
  const { phase = "Pending", patch } = status;
  const next = Math.min(999, spec.attempt + 1);
  return [
    ...(phase === "AwaitingApproval" && patch !== undefined
      ? [
          {
            purpose: "approve" as const,
            title: "Approve exactly this patch",
            line: patchLine(namespace, "cset", name, { approval: { patch: patch.digest, by: user } }),
          },
        ]
      : []),
    ...(busy.has(phase)
      ? []
      : [{ purpose: "retry" as const, title: "Run it again", line: patchLine(namespace, "cset", name, { attempt: next }) }]),
    { purpose: "look", title: "Show all of it", line: `kubectl -n ${quoted(namespace)} describe cset ${quoted(name)}` },
  ];
}
