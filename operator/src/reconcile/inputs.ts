import { shortHash, type BatchChangeSpec } from "@codybatch/crds";

/** Hash of what a new attempt would work with: prompt, agent, toolbox, checks and, where there is one, review, so that older hashes hold on. */
export function inputsHash(spec: BatchChangeSpec, promptHash: string): string {
  return shortHash(
    JSON.stringify([promptHash, spec.agent, spec.toolbox, spec.checks, ...(spec.review === undefined ? [] : [spec.review])]),
  );
}
