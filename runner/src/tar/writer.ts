export const blockBytes = 512;

/** What stands in an archive; paths and targets are bytes, since not every name is UTF-8. */
type TarMember =
  | { readonly kind: "file"; readonly path: Uint8Array; readonly executable: boolean; readonly bytes: number }
  | { readonly kind: "link"; readonly path: Uint8Array; readonly target: Uint8Array };

/** Two empty blocks end an archive. */
export const tarEnd = Buffer.alloc(2 * blockBytes);

/**
 * The blocks before a member's bytes. Long names are written as GNU tar does: every tar reads that, while busybox knows no pax headers.
 * Owner and time are left out: they say nothing about a repository's file.
 */
export function tarHead(member: TarMember): Buffer {
  const path = Buffer.from(member.path);
  const target = member.kind === "link" ? Buffer.from(member.target) : Buffer.alloc(0);
  const bytes = member.kind === "file" ? member.bytes : 0;
  const mode = member.kind === "link" ? 0o777 : member.executable ? 0o755 : 0o644;
  const type = member.kind === "link" ? "2" : "0";
  return Buffer.concat([...long(path, "L"), ...long(target, "K"), header({ path, target, mode, bytes, type })]);
}

/** Zeros after so many bytes of a file, to the end of the block. */
export function tarPadding(bytes: number): Buffer {
  return Buffer.alloc((blockBytes - (bytes % blockBytes)) % blockBytes);
}

type Content =
  | Extract<TarMember, { kind: "link" }>
  | (Omit<Extract<TarMember, { kind: "file" }>, "bytes"> & { readonly bytes: Uint8Array });

/** A whole archive in memory. */
export function tarOf(contents: readonly Content[]): Buffer {
  const parts = contents.flatMap((content) => {
    if (content.kind === "link") return [tarHead(content)];
    const bytes = content.bytes.byteLength;
    return [tarHead({ ...content, bytes }), content.bytes, tarPadding(bytes)];
  });
  return Buffer.concat([...parts, tarEnd]);
}

const nameBytes = 100;
const largestFile = 0o77777777777;

function long(name: Buffer, type: "L" | "K"): readonly Buffer[] {
  if (name.length < nameBytes) return [];
  const bytes = name.length + 1;
  const head = header({ path: Buffer.from("././@LongLink"), target: Buffer.alloc(0), mode: 0o644, bytes, type });
  return [head, name, Buffer.alloc(1), tarPadding(bytes)];
}

interface Fields {
  readonly path: Buffer;
  readonly target: Buffer;
  readonly mode: number;
  readonly bytes: number;
  readonly type: string;
}

function header({ path, target, mode, bytes, type }: Fields): Buffer {
  if (bytes > largestFile) throw new RangeError("a file of more than 8 GiB does not fit an archive");
  const block = Buffer.alloc(blockBytes);
  path.copy(block, 0, 0, nameBytes - 1);
  block.write(octal(mode, 7), 100, "latin1");
  block.write(octal(0, 7), 108, "latin1");
  block.write(octal(0, 7), 116, "latin1");
  block.write(octal(bytes, 11), 124, "latin1");
  block.write(octal(0, 11), 136, "latin1");
  block.write(type, 156, "latin1");
  target.copy(block, 157, 0, nameBytes - 1);
  block.write("ustar\u000000", 257, "latin1");
  block.write(`${octal(checksum(block), 6)}\0 `, 148, "latin1");
  return block;
}

/** Sum of a header's bytes, its own field counted as blanks. */
export function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
