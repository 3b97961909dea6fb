import { nameWorse } from "./checks/index.ts";
import { reasonOf, tellPerson } from "./gate/index.ts";
import { tellRejected } from "./review/index.ts";
import type { Ending } from "./session/ending.ts";
import type { Keeper } from "./store/keeper.ts";

/** What gate, required checks and second opinion say about a reported change outranks the report, in this order. */
export function judged(ending: Ending, keeper: Keeper): Ending {
  if (keeper.heldSecret)
    return { ...ending, reason: "SecretFound", message: "The change holds the literal Claude key of this run; it was not stored." };
  const findings = ending.accepted?.findings ?? [];
  const reason = reasonOf(findings);
  return reason === undefined ? checked(ending) : { ...ending, reason, message: tellPerson(findings) };
}

/** A reported change that the required checks keep back. */
function checked(ending: Ending): Ending {
  const verdict = ending.accepted?.verdict;
  if (verdict?.kind === "unavailable")
    return { ...ending, reason: "ToolboxUnavailable", message: `The required checks could not run. ${verdict.why}` };
  if (verdict === undefined || verdict.worse.length === 0) return opined(ending);
  return { ...ending, reason: "CheckFailed", message: nameWorse(verdict.worse) };
}

/** A change that the second opinion keeps back. */
function opined(ending: Ending): Ending {
  const review = ending.accepted?.report.review;
  return review === undefined || review.approved ? ending : { ...ending, reason: "ReviewRejected", message: tellRejected(review) };
}
