import { matchesGlob } from "./glob.ts";
import type { RawChange } from "./raw-diff.ts";

/** Why a part of a change is kept back. */
export interface Violation {
  readonly reason: "PathDenied" | "PatchRefused";
  readonly path: string;
  readonly rule: string;
}

export interface Change {
  readonly changes: readonly RawChange[];
  /** Paths that git takes for binary. */
  readonly binaries: ReadonlySet<string>;
}

/** Paths that run code or decide about reviews: changed only where `publish.allowPaths` names them. */
export const deniedPaths: readonly string[] = [
  ".github/workflows/**",
  ".github/actions/**",
  ".gitlab-ci.yml",
  ".circleci/**",
  "**/CODEOWNERS",
  "**/.git*",
  "**/.npmrc",
  "**/.envrc",
  ".vscode/tasks.json",
  "**/.claude/**",
];

/** Everything about a change that may not be published, denied paths first. */
export function inspect(change: Change, allowPaths: readonly string[]): readonly Violation[] {
  return [...change.changes.flatMap((raw) => pathViolation(raw, allowPaths)), ...contentViolations(change)];
}

function pathViolation({ path }: RawChange, allowPaths: readonly string[]): readonly Violation[] {
  const rule = deniedPaths.find((pattern) => matchesGlob(path.toLowerCase(), pattern.toLowerCase()));
  if (rule === undefined || allowPaths.some((pattern) => matchesGlob(path, pattern))) return [];
  return [{ reason: "PathDenied", path, rule }];
}

const symlink = "120000";
const submodule = "160000";
const executable = "100755";

function contentViolations({ changes, binaries }: Change): readonly Violation[] {
  const removed = changes.filter((raw) => raw.status === "D");
  const removedObjects = new Set(removed.map((raw) => raw.oldObject));
  return changes.flatMap((raw) => {
    const rule = contentRule(raw, { binary: binaries.has(raw.path), moved: removedObjects.has(raw.newObject), removed });
    return rule === undefined ? [] : [{ reason: "PatchRefused", path: raw.path, rule } as const];
  });
}

interface Around {
  readonly binary: boolean;
  /** The same content was removed elsewhere. */
  readonly moved: boolean;
  readonly removed: readonly RawChange[];
}

function contentRule(raw: RawChange, around: Around): string | undefined {
  if (raw.oldMode === submodule || raw.newMode === submodule) return "a submodule";
  if (raw.newMode === symlink) return "a symbolic link";
  if (raw.status === "D") return undefined;
  if (raw.status === "M" && raw.oldMode !== raw.newMode) return `a change of mode from ${raw.oldMode} to ${raw.newMode}`;
  if (raw.status === "A" && raw.newMode === executable && !movesExecutable(raw, around)) return "a new executable file";
  if (around.binary && !around.moved) return "a binary file";
  return undefined;
}

/** A moved and edited script has another object; an executable file that went away in the same change explains it. */
function movesExecutable(raw: RawChange, around: Around): boolean {
  return around.moved || around.removed.some((gone) => gone.oldMode === executable && gone.path !== raw.path);
}

/** One sentence for a person about what was kept back, and what to do. */
export function violationMessage(violations: readonly Violation[]): string {
  const shown = violations.slice(0, 10).map(({ path, rule }) => `${JSON.stringify(path)} (${rule})`);
  const more = violations.length > shown.length ? ` and ${violations.length - shown.length} more` : "";
  const list = `${shown.join(", ")}${more}`;
  if (violations.some(({ reason }) => reason === "PathDenied")) {
    return `The change touches paths that are denied: ${list}. If this is wanted, name them in spec.publish.allowPaths and run again.`;
  }
  return `The change holds what is never published: ${list}. Narrow the prompt and run again.`;
}
