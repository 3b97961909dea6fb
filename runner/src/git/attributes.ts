import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readForeign, writeAtomic } from "../out/index.ts";

// This file outranks every .gitattributes: bytes go in and out unchanged, no driver is named, and `-diff` hides nothing.
// `-text` also silences eol and crlf; working-tree-encoding cannot be unset, only left unspecified.
const exactBytes = "* -text -ident !filter !working-tree-encoding !diff !merge !whitespace !eol !crlf\n";

/** Makes git keep every file's bytes, whatever the repository's own attributes say. */
export async function ensureExactBytes(gitDir: string): Promise<void> {
  const path = join(gitDir, "info", "attributes");
  const present = await readForeign(path, exactBytes.length).catch(() => undefined);
  if (present?.toString() === exactBytes) return;
  await mkdir(join(gitDir, "info"), { recursive: true });
  await writeAtomic(path, exactBytes);
}
