import { type Finding, quotePath } from "./finding.ts";
import type { RawChange } from "./raw-diff.ts";

export interface Change {
  readonly changes: readonly RawChange[];
  /** Paths that git takes for binary. */
  readonly binaries: ReadonlySet<string>;
}

const symlink = "120000";
const submodule = "160000";
const executable = "100755";

/** Links, submodules, modes and binary files. What was there may go, and may move as it is. */
export function entryFindings({ changes, binaries }: Change): readonly Finding[] {
  const removed = changes.filter((raw) => raw.status === "D");
  const removedObjects = new Set(removed.map((raw) => raw.oldObject));
  return changes.flatMap((raw) => {
    const rule = entryRule(raw, { binary: binaries.has(raw.path), moved: removedObjects.has(raw.newObject), removed });
    return rule === undefined ? [] : [{ reason: "PatchRefused", place: quotePath(raw.path), rule } as const];
  });
}

interface Around {
  readonly binary: boolean;
  /** The same content was removed elsewhere. */
  readonly moved: boolean;
  readonly removed: readonly RawChange[];
}

function entryRule(raw: RawChange, around: Around): string | undefined {
  if (raw.oldMode === submodule || raw.newMode === submodule) return "a submodule";
  if (raw.status === "D") return undefined;
  if (raw.oldMode === symlink || raw.newMode === symlink) return "a symbolic link";
  return modeRule(raw, around) ?? (around.binary && !around.moved ? "a binary file" : undefined);
}

function modeRule(raw: RawChange, around: Around): string | undefined {
  if (raw.status === "A") return raw.newMode === executable && !movesExecutable(raw, around) ? "a new executable file" : undefined;
  return raw.oldMode === raw.newMode ? undefined : `a change of mode from ${raw.oldMode} to ${raw.newMode}`;
}

/** A moved and edited script has another object; an executable file that went away in the same change explains it. */
function movesExecutable(raw: RawChange, around: Around): boolean {
  return around.moved || around.removed.some((gone) => gone.oldMode === executable && gone.path !== raw.path);
}
