import type { Patch } from "../../git/index.ts";
import { type Finding, tellModel } from "../gate/index.ts";
import { reviewDemand } from "../prompt/review.ts";
import { showDiff } from "../tools/get-diff.ts";

/** What the first report of a change is answered with, and each that the gate finds something new in. */
export function askForReview(patch: Patch, findings: readonly Finding[]): string {
  const warning =
    findings.length === 0
      ? ""
      : `\nThese parts are refused and keep the whole change back; mend them unless the task demands them:\n${tellModel(findings)}\n`;
  return patch.filesChanged === 0
    ? `Not ended yet.\n${warning}Then call report_result again.`
    : `${reviewDemand}\n${warning}\n${shown(patch)}`;
}

function shown({ patch, filesChanged, additions, deletions }: Patch): string {
  return `${filesChanged} files changed, +${additions} -${deletions}\n${showDiff(patch)}`;
}
