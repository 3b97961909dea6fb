import { mkdirSync } from "node:fs";
import { git } from "../local-mode/index.ts";

/** What the generated repository's README begins with, in CRLF like all of it. */
export const hugeHeading = "# Huge";

/** Makes a bare repository of so many files, among them a binary one and a README in CRLF. By fast-import: writing the files first would be most of the test. */
export function makeHugeRepository(path: string, files: number): void {
  mkdirSync(path, { recursive: true });
  git(path, ["init", "--quiet", "--bare", "--initial-branch=main", "--template="]);
  const paths = Array.from({ length: files - 2 }, (_, index) => `M 100644 :1 src/${index % 100}/${Math.floor(index / 100)}.txt\n`);
  const blobs = [
    blob(1, "Nobody knows who maintains this line.\n"),
    blob(2, `${hugeHeading}\r\n\r\nOne line.\r\n`),
    blob(3, "\0\u0001\r\n\0"),
  ];
  const head = "commit refs/heads/main\ncommitter Source <source@localhost> 1767225600 +0000\ndata 6\nImport\n";
  const tree = ["M 100644 :2 README.md\n", "M 100644 :3 picture.bin\n", ...paths];
  git(path, ["fast-import", "--quiet"], Buffer.from([...blobs, head, ...tree].join("")));
}

function blob(mark: number, text: string): string {
  return `blob\nmark :${mark}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
}
