export interface DiffStat {
  readonly filesChanged: number;
  readonly additions: number;
  readonly deletions: number;
}

/** Takes `--numstat --patch` apart: lines of `added TAB deleted TAB path`, whose odd paths git quotes, an empty line, and the patch. */
export function parseShown(output: Buffer): DiffStat & { readonly patch: Buffer } {
  const end = output.indexOf("\n\n");
  const counts = output
    .subarray(0, Math.max(0, end))
    .toString("latin1")
    .split("\n")
    .filter((one) => one !== "")
    .map((one) => one.split("\t"));
  return {
    patch: end === -1 ? Buffer.alloc(0) : output.subarray(end + 2),
    filesChanged: counts.length,
    additions: counts.reduce((sum, [added = "-"]) => sum + lines(added), 0),
    deletions: counts.reduce((sum, [, deleted = "-"]) => sum + lines(deleted), 0),
  };
}

// "-" stands for a file that git takes as binary.
function lines(count: string): number {
  return count === "-" ? 0 : Number(count);
}
