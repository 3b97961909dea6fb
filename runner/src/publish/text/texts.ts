import { fillIn, type PublishInput } from "@codybatch/crds";
import { plain } from "./plain.ts";
import { details } from "./details.ts";
import { prose } from "./prose.ts";
import { cut, cutLines, visible } from "./visible.ts";

/** GitHub's own most for a title; a body may have 65,536. */
const longestTitle = 256;
const longestBody = 60_000;
/** 20 checks, 20 warnings and 5 reasons at their longest. */
const longestDetails = 24_576;
const longestProse = 8192;
const longestMessage = 16_384;

export interface Texts {
  readonly title: string;
  readonly body: string;
  /** With our trailer. */
  readonly commitMessage: string;
}

const defaults = {
  title: "${batchChange.name}: ${result.summary}",
  body: "${result.summary}\n\n${result.explanation}",
  commitMessage: "${batchChange.name}\n\n${result.summary}",
} as const;

/** Texts of commit and pull request. What the user wrote stands as it is; what a model wrote does nothing but be read. `base` is the branch. */
export function texts(input: PublishInput, base: string): Texts {
  const inLine = values(input, base, (text) => plain(text, 1024));
  const inBody = values(input, base, (text) => prose(text, longestProse));
  const title = fillIn(input.title ?? defaults.title, inLine);
  const body = fillIn(input.body ?? defaults.body, inBody);
  const message = visible(fillIn(input.commitMessage ?? defaults.commitMessage, inLine)).trim();
  return {
    title: cut(visible(title).replaceAll(/\s+/g, " ").trim() || input.batchChange, longestTitle),
    body: `${cutLines(visible(body).trim(), longestBody - longestDetails)}\n\n${details(input)}`.trim(),
    commitMessage: `${cut(message === "" ? input.batchChange : message, longestMessage)}\n\n${trailerKey}: ${trailerOf(input)}\n`,
  };
}

export const trailerKey = "Cody-Batch";

/** Says whose commit it is. */
export function trailerOf({ namespace, batchChange, changeset }: PublishInput): string {
  return `${namespace}/${batchChange}/${changeset.name}`;
}

function values({ repository, batchChange, namespace, report }: PublishInput, base: string, safe: (text: string) => string) {
  const { name, url } = repository;
  return {
    "repository.name": name,
    "repository.owner": name.slice(0, Math.max(0, name.lastIndexOf("/"))),
    "repository.url": url,
    "repository.branch": safe(base),
    "batchChange.name": batchChange,
    "batchChange.namespace": namespace,
    "result.summary": safe(report.summary),
    "result.explanation": safe(report.explanation),
    "result.filesChanged": String(report.filesChanged),
    "result.additions": String(report.additions),
    "result.deletions": String(report.deletions),
  };
}
