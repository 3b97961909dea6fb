import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { git } from "../local-mode/index.ts";

interface OddFile {
  /** As git quotes it: octal for bytes that are no text. */
  readonly path: string;
  readonly bytes: string | Buffer;
  /** `100644` when absent. */
  readonly mode?: "100644" | "100755" | "120000";
}

/** Makes the bare repository `owner/name`, whose files need not be ones that a disk or a text could hold; gives its URL. */
export function makeOddRepository(dir: string, name: string, files: readonly OddFile[]): string {
  const path = join(dir, `${name}.git`);
  mkdirSync(path, { recursive: true });
  git(path, ["init", "--quiet", "--bare", "--initial-branch=main", "--template="]);
  git(path, ["fast-import", "--quiet"], streamOf(files));
  return pathToFileURL(path).href;
}

/** One commit in the form of git fast-import, which takes every byte as it is. */
function streamOf(files: readonly OddFile[]): Buffer {
  const head = "commit refs/heads/main\ncommitter Acme <acme@example.com> 1767603600 +0000\ndata 6\nImport\n";
  const entries = files.flatMap(({ path, bytes, mode = "100644" }) => {
    const data = Buffer.from(bytes);
    return [Buffer.from(`M ${mode} inline "${path}"\ndata ${data.length}\n`), data, Buffer.from("\n")];
  });
  return Buffer.concat([Buffer.from(head), ...entries]);
}
