import { escapeHidden } from "./hidden.ts";

/** Why a part of a change is kept back. When several hold, the first in this order names the end of the run. */
const findingReasons = ["PathDenied", "PatchRefused", "SecretFound", "HiddenCharacters", "ChangeTooLarge"] as const;
type FindingReason = (typeof findingReasons)[number];

/** One thing that keeps a change back. Holds no value of a secret, and only text that is safe to show. */
export interface Finding {
  readonly reason: FindingReason;
  /** A quoted path, or words such as "the report's summary". */
  readonly place: string;
  /** From 1, in the new file. */
  readonly line?: number;
  /** What was found, in a few words. */
  readonly rule: string;
}

interface Words {
  /** For a person, before the list and after it. */
  readonly what: string;
  readonly next: string;
  /** For the model. */
  readonly advice: string;
}

const words: Readonly<Record<FindingReason, Words>> = {
  PathDenied: {
    what: "The change touches paths that are denied",
    next: "If this is wanted, name them in spec.publish.allowPaths and run again.",
    advice: "undo it",
  },
  PatchRefused: {
    what: "The change holds what is never published",
    next: "Nothing allows this: narrow the prompt and run again.",
    advice: "undo it",
  },
  SecretFound: {
    what: "The change adds what looks like a secret",
    next: "Nothing allows this: let the prompt say where the value comes from instead, and run again.",
    advice: "take the value out, refer to it by a variable",
  },
  HiddenCharacters: {
    what: "The change adds characters that hide or reorder text",
    next: "Nothing allows this: let the prompt leave them out or write them as escapes, and run again.",
    advice: "leave it out or write it as an escape",
  },
  ChangeTooLarge: {
    what: "The change is too large to be reviewed",
    next: "Nothing allows this: split the change into smaller ones.",
    advice: "make the change smaller",
  },
};

const mostForPerson = 10;
const mostForModel = 20;

/** The reason that a run with these findings ends with. */
export function reasonOf(findings: readonly Finding[]): FindingReason | undefined {
  return findingReasons.find((reason) => findings.some((finding) => finding.reason === reason));
}

/** For a person: what was kept back, and what to do, one sentence for each reason. */
export function tellPerson(findings: readonly Finding[]): string {
  const reasons = findingReasons.filter((reason) => findings.some((finding) => finding.reason === reason));
  return reasons.map((reason) => tellReason(reason, findings)).join(" ");
}

function tellReason(reason: FindingReason, findings: readonly Finding[]): string {
  const all = findings.filter((finding) => finding.reason === reason);
  const shown = all.slice(0, mostForPerson).map((finding) => `${where(finding)} (${finding.rule})`);
  const more = all.length > shown.length ? ` and ${all.length - shown.length} more` : "";
  return `${words[reason].what}: ${shown.join(", ")}${more}. ${words[reason].next}`;
}

/** For the model: one line for each finding, with what to do. */
export function tellModel(findings: readonly Finding[]): string {
  const shown = findings.slice(0, mostForModel).map((finding) => `- ${where(finding)}: ${finding.rule}; ${words[finding.reason].advice}`);
  const more = findings.length > shown.length ? [`- and ${findings.length - shown.length} more`] : [];
  return [...shown, ...more].join("\n");
}

function where({ place, line }: Finding): string {
  return line === undefined ? place : `${place} line ${line}`;
}

/** The same finding on another line is no news. */
export function keyOf({ reason, place, rule }: Finding): string {
  return `${reason} ${place} ${rule}`;
}

const longestPath = 160;

/** A path within quotes, in which nothing can forge a line, hide or reorder text. */
export function quotePath(path: string): string {
  const cut = path.length > longestPath ? `${path.slice(0, longestPath / 2)}…${path.slice(-longestPath / 2)}` : path;
  return escapeHidden(JSON.stringify(cut.toWellFormed()));
}
