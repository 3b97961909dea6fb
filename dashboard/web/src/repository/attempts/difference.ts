/** Lines that a patch adds to and takes from one file. */
interface FileChange {
  readonly path: string;
  readonly additions: number;
  readonly deletions: number;
}

/** What two patches do to the same path; undefined where one leaves it alone. */
export interface Difference {
  readonly path: string;
  readonly left: FileChange | undefined;
  readonly right: FileChange | undefined;
}

/** Every path that either patch changes, in the order of names. */
export function differences(left: readonly FileChange[], right: readonly FileChange[]): readonly Difference[] {
  const [before, after] = [new Map(left.map((file) => [file.path, file])), new Map(right.map((file) => [file.path, file]))];
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return paths.map((path) => ({ path, left: before.get(path), right: after.get(path) }));
}
