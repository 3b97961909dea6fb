import type { Work } from "./work.ts";

/** The run's result was made from another prompt, agent, toolbox, checks or review than a new attempt would use. */
export function isOutdated({ attempts, run }: Work, inputsHash: string): boolean {
  const last = attempts.findLast(({ attempt }) => attempt === run);
  return last !== undefined && last.inputsHash !== "" && last.inputsHash !== inputsHash;
}
