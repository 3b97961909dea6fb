/** One path of `git diff-tree -r --raw -z --no-renames`: modes and object ids as git writes them, zeros where there is nothing. */
export interface RawChange {
  readonly path: string;
  readonly status: string;
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldObject: string;
  readonly newObject: string;
}

/** Reads `:old new oldID newID status NUL path NUL …`. */
export function parseRaw(output: string): readonly RawChange[] {
  const fields = output.split("\0");
  const changes: RawChange[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [oldMode = "", newMode = "", oldObject = "", newObject = "", status = ""] = (fields[index] ?? "").slice(1).split(" ");
    changes.push({ path: fields[index + 1] ?? "", status, oldMode, newMode, oldObject, newObject });
  }
  return changes;
}

/** Paths that `--numstat -z --no-renames` counts as binary. */
export function parseBinaries(output: string): ReadonlySet<string> {
  const rows = output.split("\0").filter((row) => row.startsWith("-\t-\t"));
  return new Set(rows.map((row) => row.slice(4)));
}
