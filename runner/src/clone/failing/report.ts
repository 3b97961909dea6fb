import { type Annotation, annotationsOf, type CheckRun, type Commit, failingRuns, failingStatuses, jobOf, type Status } from "./checks.ts";
import type { FailingChecks } from "./file.ts";
import { lack } from "./lack.ts";
import { headOf, type Most, oneLine, tailOf } from "./lines.ts";
import { type LogReading, readLog } from "./log.ts";

/** Most failing checks that are shown. */
const mostChecks = 5;
const mostLines = 200;
const mostLogBytes = 32 * 1024;
/** All logs together: each byte is paid for with every request of the run. */
const mostBytes = 96 * 1024;
const mostAnnotations = 20;
const summaryMost: Most = { lines: 60, bytes: 4096 };

/** Reads what the failed checks of a commit say. Never rejects: what cannot be had is named in the text and in a warning. */
export async function reportOf(reading: LogReading, commit: Commit): Promise<FailingChecks> {
  const lacks = new Set<string>();
  const runs = await orNone(failingRuns(reading.host, commit), "The checks", "checks:read", lacks);
  const statuses = await orNone(failingStatuses(reading.host, commit), "The statuses", "statuses:read", lacks);
  const shown = runs.slice(0, mostChecks);
  const most = { lines: mostLines, bytes: Math.min(mostLogBytes, Math.floor(mostBytes / Math.max(1, shown.length))) };
  const parts: string[] = [];
  for (const run of shown) parts.push(await runPart({ reading, commit, most, lacks }, run));
  const room = mostChecks - shown.length;
  const others = [...runs.slice(mostChecks).map(({ name }) => name), ...statuses.slice(room).map(({ context }) => context)];
  parts.push(...statuses.slice(0, room).map(statusPart));
  if (others.length > 0)
    parts.push(
      `Failed too: ${others
        .slice(0, 20)
        .map((name) => oneLine(name, 100))
        .join("; ")}`,
    );
  if (parts.length === 0 && lacks.size === 0) lacks.add("None of the checks fails any more.");
  return { text: [...parts, ...lacks].join("\n\n"), warnings: [...lacks] };
}

interface Reporting {
  readonly reading: LogReading;
  readonly commit: Commit;
  readonly most: Most;
  readonly lacks: Set<string>;
}

async function runPart({ reading, commit, most, lacks }: Reporting, run: CheckRun): Promise<string> {
  const { title, summary, text } = run.output;
  const job = jobOf(run);
  const notes = await orNone(annotationsOf(reading.host, commit, run, mostAnnotations), "Annotations", "checks:read", lacks);
  const log =
    job === undefined ? undefined : await readLog(reading, commit, job).catch((error: unknown) => lack("Logs", "actions:read", error));
  if (typeof log === "string") lacks.add(log);
  const said = [title, summary, text].flatMap((one) => (one == null ? [] : [headOf(one, summaryMost)]));
  return [
    `Check ${JSON.stringify(oneLine(run.name, 200))}: ${oneLine(run.conclusion ?? "", 40)}`,
    ...said.filter((one) => one !== ""),
    ...(notes.length === 0 ? [] : [["Annotations:", ...notes.map(annotationLine)].join("\n")]),
    ...(log === undefined || typeof log === "string" ? [] : [`The end of its log:\n${tailOf(log, most)}`]),
  ].join("\n\n");
}

function annotationLine({ path, start_line: line, annotation_level: level, message }: Annotation): string {
  return `${oneLine(path, 200)}:${line ?? ""}: ${oneLine(level ?? "", 20)}: ${oneLine(message ?? "", 500)}`;
}

function statusPart({ context, state, description }: Status): string {
  return `Status ${JSON.stringify(oneLine(context, 200))}: ${state}${description == null ? "" : `. ${oneLine(description, 500)}`}`;
}

async function orNone<T>(asked: Promise<readonly T[]>, what: string, permission: string, lacks: Set<string>): Promise<readonly T[]> {
  return await asked.catch((error: unknown) => {
    lacks.add(lack(what, permission, error));
    return [];
  });
}
