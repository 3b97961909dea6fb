import type { ChangeResult } from "@codybatch/crds";
import type { Patch } from "../../git/index.ts";
import { dataKey, dataPart } from "../prompt/data.ts";
import { opinionText } from "../prompt/second-opinion.ts";
import { headAndTail } from "../tools/lines.ts";

/** A reported change that has passed everything else. */
export interface Proposal {
  readonly summary: string;
  readonly explanation: string;
  readonly patch: Patch;
  readonly checks: NonNullable<ChangeResult["checks"]>;
}

/** Most characters of a diff that are shown to a reviewing model. */
export const mostDiffCharacters = 100_000;

export interface Shown {
  readonly text: string;
  /** The diff was too long to be shown whole. */
  readonly partial: boolean;
}

interface Part {
  readonly name: string;
  readonly intro: string;
  readonly text: string;
}

/** The message that asks for a verdict. `task` is the user's own; all else stands in parts that are named as data. */
export function showProposal(task: string, proposal: Proposal, earlierReasons: readonly string[]): Shown {
  const { summary, explanation, patch, checks } = proposal;
  const diff = new TextDecoder().decode(patch.patch);
  const partial = diff.length > mostDiffCharacters;
  const stat = `${patch.filesChanged} ${patch.filesChanged === 1 ? "file" : "files"}, +${patch.additions} -${patch.deletions}`;
  const change = [opinionText.change(stat), ...(partial ? [opinionText.partial(mostDiffCharacters, diff.length)] : [])].join(" ");
  const parts: readonly Part[] = [
    { name: "earlier_reasons", intro: opinionText.earlier, text: numbered(earlierReasons) },
    { name: "report", intro: opinionText.report, text: `${summary}\n\n${explanation}` },
    { name: "checks", intro: opinionText.checks, text: checks.map(lineOf).join("\n") },
    { name: "diff", intro: change, text: headAndTail(diff, mostDiffCharacters, "They cannot be had.") },
  ];
  const key = dataKey(parts);
  const told = parts.filter(({ text }) => text !== "").map((part) => framed(part, key));
  return { text: [task, ...told].join("\n\n"), partial };
}

/** `1. …` on a line each. */
export function numbered(reasons: readonly string[]): string {
  return reasons.map((reason, index) => `${index + 1}. ${reason}`).join("\n");
}

function framed({ name, intro, text }: Part, key: string): string {
  return `${intro}\n${dataPart(name, key, text)}`;
}

function lineOf({ name, outcome, required, exitCode }: Proposal["checks"][number]): string {
  return `${name}${required ? ", required" : ""}: ${outcome}${exitCode === undefined ? "" : `, exit code ${exitCode}`}`;
}
