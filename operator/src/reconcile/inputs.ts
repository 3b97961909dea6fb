import { shortHash, type BatchChangeSpec } from "@codybatch/crds";

/** Hash of what a new attempt would work with: prompt, agent, toolbox and checks. */
export function inputsHash(spec: BatchChangeSpec, promptHash: string): string {
  return shortHash(JSON.stringify([promptHash, spec.agent, spec.toolbox, spec.checks]));
}
