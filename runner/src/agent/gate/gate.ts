import { type Patch, treeOfPatch, type Worktree } from "../../git/index.ts";
import { characterFindings } from "./characters.ts";
import { entryFindings } from "./entries.ts";
import type { Finding } from "./finding.ts";
import { hiddenIn, nameOf } from "./hidden.ts";
import { parsePatch, type PatchedFile } from "./patch-lines.ts";
import { deniedFindings, hiddenNameFindings } from "./paths.ts";
import { rawChange } from "./raw-change.ts";
import { secretFindings } from "./secrets.ts";
import { fileSizeFindings, sizeFindings } from "./size.ts";

export interface Judged {
  readonly worktree: Worktree;
  readonly tmpDir: string;
  readonly patch: Patch;
  readonly allowPaths: readonly string[];
  /** Texts of the report by what they are called, such as "summary". */
  readonly said: Readonly<Record<string, string>>;
  /** Whether a text holds a literal secret of this pod. */
  readonly holdsLiteral: (text: string) => boolean;
}

export interface Verdict {
  /** Everything that keeps the change back; empty: it may be published. */
  readonly findings: readonly Finding[];
  /** Values of the secrets found, for the redactor alone. */
  readonly secrets: readonly string[];
}

/** Judges a change before it may leave the run: what was recorded is what is judged, and it must be all that was changed. */
export async function judge(judged: Judged): Promise<Verdict> {
  const { worktree, patch, allowPaths, said } = judged;
  const change = await rawChange(worktree, patch.tree);
  const entries = [...deniedFindings(change.changes, allowPaths), ...entryFindings(change), ...hiddenNameFindings(change.changes)];
  const large = [...sizeFindings(patch), ...(await fileSizeFindings(worktree, change.changes))];
  // Nobody needs to know what is wrong within a change that is too large to be looked at.
  if (large.length > 0) return { findings: [...entries, ...large], secrets: [] };
  const files = linesOf(patch);
  const texts = files.filter(({ path }) => !change.binaries.has(path));
  const [secrets, faults] = await Promise.all([secretFindings({ ...judged, files, changes: change.changes }), applyFindings(judged)]);
  const findings = [...entries, ...characterFindings(texts), ...saidFindings(said), ...secrets.findings, ...faults];
  return { findings, secrets: secrets.values };
}

/** Every added line that git counts must have been seen here; of binary files git counts none. */
function linesOf({ patch, additions }: Patch): readonly PatchedFile[] {
  const files = parsePatch(patch);
  const seen = files.reduce((sum, { blocks }) => blocks.reduce((lines, { added }) => lines + added.length, sum), 0);
  if (seen < additions) throw new Error(`the patch has ${additions} added lines, ${seen} were read`);
  return files;
}

/** The patch must give the recorded tree on an index that holds nothing but the base. */
async function applyFindings({ worktree, tmpDir, patch }: Judged): Promise<readonly Finding[]> {
  const tree = await treeOfPatch(worktree, patch.patch, tmpDir);
  if (tree === patch.tree) return [];
  const rule = tree === undefined ? "it does not apply to its base commit" : "it does not give the recorded tree";
  return [{ reason: "PatchRefused", place: "the patch", rule }];
}

function saidFindings(said: Judged["said"]): readonly Finding[] {
  return Object.entries(said).flatMap(([what, text]) => {
    const [first] = hiddenIn(text);
    return first === undefined ? [] : [{ reason: "HiddenCharacters", place: `the report's ${what}`, rule: nameOf(first) } as const];
  });
}
