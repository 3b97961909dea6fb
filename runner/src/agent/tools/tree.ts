/** Most entries of one listing. */
export const mostEntries = 500;

export interface Listing {
  readonly entries: readonly string[];
  /** Entries that the cap cut off. */
  readonly left: number;
  readonly depth: number;
}

/**
 * Files below a folder; folders deeper than `depth` become one entry with their number of files. Without a depth it is the
 * deepest one that fits into the cap.
 */
export function listing(files: readonly string[], depth: number | undefined): Listing {
  if (depth !== undefined) return cut(atDepth(files, depth), depth);
  const deepest = files.reduce((most, file) => Math.max(most, file.split("/").length), 1);
  for (let tried = deepest; tried > 1; tried -= 1) {
    const entries = atDepth(files, tried);
    if (entries.length <= mostEntries) return cut(entries, tried);
  }
  return cut(atDepth(files, 1), 1);
}

function cut(entries: readonly string[], depth: number): Listing {
  return { entries: entries.slice(0, mostEntries), left: Math.max(0, entries.length - mostEntries), depth };
}

function atDepth(files: readonly string[], depth: number): readonly string[] {
  const folders = new Map<string, number>();
  const entries: string[] = [];
  for (const file of files) {
    const parts = file.split("/");
    if (parts.length <= depth) {
      entries.push(file);
      continue;
    }
    const folder = `${parts.slice(0, depth).join("/")}/`;
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  const collapsed = [...folders].map(([folder, count]) => `${folder} (${count} ${count === 1 ? "file" : "files"})`);
  return [...entries, ...collapsed].toSorted();
}
