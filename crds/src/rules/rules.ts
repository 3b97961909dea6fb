import type { Kind } from "../schema/resource.ts";
import { batchRules } from "./batch-change.ts";
import { changesetRules } from "./changeset.ts";
import { checkRules } from "./checks.ts";
import { promptRules } from "./prompt.ts";
import { publishRules } from "./publish.ts";
import { repositoryRules } from "./repositories.ts";
import type { Rule } from "./rule.ts";

const all: readonly Rule[] = [...promptRules, ...repositoryRules, ...batchRules, ...checkRules, ...publishRules, ...changesetRules];

/** Every rule of a kind that its schema cannot say. */
export function rulesOf(kind: Kind): readonly Rule[] {
  return all.filter((rule) => rule.kind === kind);
}
