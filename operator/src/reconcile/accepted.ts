import { limitFault, namesOnlyVariables, variablesInWords, type BatchChangeSpec, type FieldError, type Reason } from "@codybatch/crds";
import { subjectOf } from "./discover/search.ts";
import type { Limits } from "./limits.ts";
import type { Observed } from "./observed.ts";
import { entriesOf } from "./repositories.ts";

/** Why nothing of a BatchChange may start. */
export interface Refusal {
  readonly reason: Reason;
  readonly message: string;
}

/** Asks again what the door has asked, for a server without admission policy and for limits that were lowered since. */
export function refusalOf(observed: Observed): Refusal | undefined {
  const { batch, faults, limits, prompt, obstacle } = observed;
  const [fault] = faults;
  if (fault !== undefined) return { reason: "InvalidSpec", message: describe(fault) };
  const spec = withFound(observed);
  const beyond = limitFault(batch.spec, limits) ?? foundFault(spec, observed);
  if (beyond !== undefined) return { reason: "LimitExceeded", message: beyond };
  return (
    claimRequired(spec, limits) ??
    instructionsInvalid(spec) ??
    tooManyFound(observed) ??
    obstacle ??
    (prompt.kind === "Refused" ? { reason: prompt.reason, message: prompt.message } : undefined)
  );
}

function describe({ path, message }: FieldError): string {
  return `${path}: ${message}.`;
}

/** As if the found repositories were listed, too: they cost and count the same. */
function withFound({ batch, changesets, discovered }: Observed): BatchChangeSpec {
  const found = entriesOf(batch, { changesets, discovered }).flatMap(({ repository, isFound }) => (isFound === true ? [repository] : []));
  return found.length === 0 ? batch.spec : { ...batch.spec, repositories: [...(batch.spec.repositories ?? []), ...found] };
}

function foundFault(spec: BatchChangeSpec, { batch, limits }: Observed): string | undefined {
  const fault = spec === batch.spec ? undefined : limitFault(spec, limits);
  return fault === undefined ? undefined : `With the repositories that the search found, which follow those of spec.repositories: ${fault}`;
}

/** What the Job that searches has said, for as long as the same would be said again. */
function tooManyFound({ batch, limits }: Observed): Refusal | undefined {
  const { reason, message = "", subject } = batch.status?.discovery ?? {};
  const holds = reason === "LimitExceeded" && subject === subjectOf({ batch, limits });
  return holds ? { reason: "LimitExceeded", message } : undefined;
}

function claimRequired({ repositories, resultStorage }: BatchChangeSpec, { repositoriesWithoutClaim }: Limits): Refusal | undefined {
  const count = repositories?.length ?? 0;
  if (resultStorage.type === "PersistentVolumeClaim" || count <= repositoriesWithoutClaim) return undefined;
  return {
    reason: "ClaimRequired",
    message: `${count} repositories do not fit ConfigMaps, which hold ${repositoriesWithoutClaim}: make a new BatchChange with spec.resultStorage.type PersistentVolumeClaim.`,
  };
}

/** A rule at the door would cost more than an API server allows for so many and such long texts. */
function instructionsInvalid({ repositories = [] }: BatchChangeSpec): Refusal | undefined {
  const index = repositories.findIndex(({ instructions = "" }) => !namesOnlyVariables(instructions));
  if (index === -1) return undefined;
  const message = `spec.repositories[${index}].instructions ${variablesInWords}. Take the entry out and make a new BatchChange for it, since instructions cannot be edited.`;
  return { reason: "PromptInvalid", message };
}
