import type { Bare } from "./bare.ts";
import { git, run } from "./command.ts";

/** One file of a comparison. Lines of a binary file count as none. */
export interface ChangedFile {
  readonly path: string;
  readonly additions: number;
  readonly deletions: number;
  readonly status: "added" | "removed" | "modified";
  readonly blob: string;
}

const statuses: Readonly<Record<string, ChangedFile["status"]>> = { A: "added", D: "removed" };

/** What leads from one tree or commit to another. */
export async function changedFiles(bare: Bare, from: string, to: string): Promise<readonly ChangedFile[]> {
  const counts = await git(bare.dir, ["diff", "--numstat", "--no-renames", "-z", from, to]);
  const lines = new Map(counts.split("\0").flatMap((line) => [countOf(line)].filter((one) => one !== undefined)));
  const raw = await git(bare.dir, ["diff", "--raw", "--no-renames", "--no-abbrev", "-z", from, to]);
  return [...raw.matchAll(/:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) ([A-Z])\0([^\0]+)\0/g)].map(([, blob = "", letter = "", path = ""]) => {
    const [additions, deletions] = lines.get(path) ?? [0, 0];
    return { path, additions, deletions, status: statuses[letter] ?? "modified", blob };
  });
}

function countOf(line: string): readonly [string, readonly [number, number]] | undefined {
  const [, additions = "", deletions = "", path = ""] = /^(\d+|-)\t(\d+|-)\t(.+)$/s.exec(line) ?? [];
  return path === "" ? undefined : [path, [Number(additions) || 0, Number(deletions) || 0]];
}

/** SHAs that the head has and the base has not, the oldest first. */
export async function commitsBetween(bare: Bare, base: string, head: string): Promise<readonly string[]> {
  const text = await git(bare.dir, ["rev-list", "--reverse", "--topo-order", `${base}..${head}`]);
  return text === "" ? [] : text.split("\n");
}

/** Where two lines of history part, or the empty tree when they never met. */
export async function forkPoint(bare: Bare, base: string, head: string): Promise<string> {
  const { code, stdout } = await run(bare.dir, ["merge-base", base, head]);
  return code === 0 ? stdout.toString("utf8").trim() : emptyTree;
}

/** What every git has without being told. */
export const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** The diff that a pull request shows. */
export async function diffText(bare: Bare, base: string, head: string): Promise<string> {
  return `${await git(bare.dir, ["diff", "--full-index", await forkPoint(bare, base, head), head])}\n`;
}
