import type { Check } from "@codybatch/crds";
import { readTar, TarError, type TarFile } from "../../tar/index.ts";
import { compileGlob } from "../gate/glob.ts";
import { confine, quote } from "../tools/confine.ts";
import { readPlace, writePlace } from "../tools/files.ts";
import { ToolError } from "../tools/tool.ts";
import { demandChangeable, type Workspace } from "../tools/workspace.ts";

/** What became of the files that a check handed back; paths as they are shown to people. */
export interface Adopted {
  readonly written: readonly string[];
  /** Files that were not taken over, each with why. */
  readonly refused: readonly string[];
}

const limits = { maxFiles: 1000, maxBytes: 1024 * 1024 };
const mostTotalBytes = 16 * 1024 * 1024;
const nothing: Adopted = { written: [], refused: [] };

/** Writes what a check changed and adopts into the work tree, by the way that every edit takes. The archive is hostile. */
export async function adoptFiles(workspace: Workspace, check: Check, archive: Buffer | undefined): Promise<Adopted> {
  if (archive === undefined) return nothing;
  const patterns = (check.adopt ?? []).map(compileGlob);
  const files = readStrictly(archive);
  if (typeof files === "string") return { written: [], refused: [`nothing is taken over: ${files}`] };
  const written: string[] = [];
  const refused: string[] = [];
  for (const file of files.filter(({ path }) => patterns.some((pattern) => pattern.test(path)))) {
    const outcome = await adoptOne(workspace, file);
    if (outcome === "written") written.push(quote(file.path));
    else if (outcome !== "same") refused.push(`${quote(file.path)}: ${outcome}`);
  }
  return { written, refused };
}

function readStrictly(archive: Buffer): readonly TarFile[] | string {
  try {
    const files = readTar(archive, limits);
    const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    return total > mostTotalBytes ? `the files have more than ${mostTotalBytes} bytes` : files;
  } catch (error) {
    if (error instanceof TarError) return error.message;
    throw error;
  }
}

async function adoptOne(workspace: Workspace, { path, bytes }: TarFile): Promise<string> {
  try {
    const place = await confine(workspace.root, path);
    if (place.entry === "file" && (await readPlace(place)).equals(bytes)) return "same";
    await demandChangeable(workspace, place);
    await writePlace(place, bytes, workspace.touched);
    return "written";
  } catch (error) {
    if (error instanceof ToolError) return error.message;
    throw error;
  }
}
