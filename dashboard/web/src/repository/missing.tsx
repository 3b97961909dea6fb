import type { Availability } from "@codybatch/dashboard-contract";
import { CommandLine } from "../command/line.tsx";

interface MissingProps {
  readonly what: "patch" | "transcript";
  readonly availability: Availability;
  readonly isAllowed: boolean;
}

const sentences = {
  none: { patch: "No patch is stored: no attempt has changed anything yet.", transcript: "No transcript is stored yet." },
  pruned: {
    patch: "The patch was deleted when spec.resultStorage.retain was over. Its size and summary stay.",
    transcript: "The transcript was deleted when spec.resultStorage.retain was over. What it cost stays.",
  },
  elsewhere: {
    patch: "The patch lies on a PersistentVolumeClaim that the dashboard does not mount.",
    transcript: "The transcript lies on a PersistentVolumeClaim that the dashboard does not mount.",
  },
} as const;

/** Why a payload cannot be shown; undefined when it can. */
export function Missing({ what, availability: { state, command }, isAllowed }: MissingProps) {
  if (!isAllowed)
    return <p className="cb-panel">You may not read it: the right to get batchchanges/{what} is missing in this namespace.</p>;
  if (state === "stored" || state === "live") return undefined;
  return (
    <section className="cb-panel">
      <p>{sentences[state][what]}</p>
      {command !== undefined && <CommandLine title={command.title} line={command.line} />}
    </section>
  );
}
