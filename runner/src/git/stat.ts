export interface DiffStat {
  readonly filesChanged: number;
  readonly additions: number;
  readonly deletions: number;
}

/** Adds up `--numstat -z`: `added TAB deleted TAB path NUL`, or for a rename `added TAB deleted TAB NUL old NUL new NUL`. */
export function parseNumstat(output: Buffer): DiffStat {
  const fields = output.toString("latin1").split("\0");
  let filesChanged = 0;
  let additions = 0;
  let deletions = 0;
  for (let index = 0; index < fields.length; index += 1) {
    const [added, deleted, path] = (fields[index] ?? "").split("\t");
    if (added === undefined || deleted === undefined) continue;
    if (path === "") index += 2;
    filesChanged += 1;
    additions += lines(added);
    deletions += lines(deleted);
  }
  return { filesChanged, additions, deletions };
}

// "-" stands for a file that git takes as binary.
function lines(count: string): number {
  return count === "-" ? 0 : Number(count);
}
