/** Files of one folder, in the patch's order. */
export interface Folder<F> {
  /** With a slash at its end; empty for the root. */
  readonly path: string;
  readonly files: readonly F[];
}

/** Files by folder, folders in the order in which the patch first names them. */
export function foldersOf<F extends { readonly path: string }>(files: readonly F[]): readonly Folder<F>[] {
  const folders = Map.groupBy(files, ({ path }) => path.slice(0, path.lastIndexOf("/") + 1));
  return [...folders].map(([path, within]) => ({ path, files: within }));
}

/** What stands above a folder's files; undefined where all files are in the root. */
export function titleOf({ path }: Folder<unknown>, folders: readonly Folder<unknown>[]): string | undefined {
  if (path !== "") return path;
  return folders.length > 1 ? "./" : undefined;
}

/** The name without its folder. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Why a file is not unfolded by itself; undefined when it is. */
export function whyFolded(file: {
  readonly additions: number;
  readonly deletions: number;
  readonly generated: boolean;
}): string | undefined {
  if (file.generated) return "Generated file";
  const lines = file.additions + file.deletions;
  return lines > mostUnfolded ? `${lines.toLocaleString("en-US")} changed lines` : undefined;
}

const mostUnfolded = 1500;
/** Colours cost seven times as long as plain text: beyond so many changed lines there are none. */
export const mostHighlighted = 800;
