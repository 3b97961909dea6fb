import { blockBytes, checksum } from "./writer.ts";

/** A regular file of an archive; its path is relative, without `.` and `..`. */
export interface TarFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** The archive holds what it must not: said in a few words, without text from the archive. */
export class TarError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TarError";
  }
}

export interface TarLimits {
  readonly maxFiles: number;
  /** Of one file. */
  readonly maxBytes: number;
}

const longestPath = 4096;

/**
 * Files of an archive that somebody hostile may have made. Folders are passed over; anything else than a regular file, a path that leads out,
 * a path that comes twice, and whatever breaks the format throws {@link TarError}.
 */
export function readTar(archive: Buffer, limits: TarLimits): readonly TarFile[] {
  const files = new Map<string, Buffer>();
  let named: Buffer | undefined;
  for (const { type, name, body } of members(archive)) {
    if (type === "L" || type === "x") {
      if (named !== undefined) throw new TarError("a file is named twice");
      named = type === "L" ? longName(body) : paxPath(body);
      continue;
    }
    if (type === "0") add(files, pathOf(named ?? name), body, limits);
    else if (type !== "5") throw new TarError("it holds something else than a regular file");
    named = undefined;
  }
  return [...files].map(([path, bytes]) => ({ path, bytes }));
}

interface Member {
  readonly type: string;
  /** As the header has it. */
  readonly name: Buffer;
  readonly body: Buffer;
}

function* members(archive: Buffer): Generator<Member> {
  for (let at = 0; ;) {
    const block = archive.subarray(at, at + blockBytes);
    if (block.length < blockBytes) throw new TarError("the archive is cut off");
    if (isZero(block)) return demandZero(archive.subarray(at));
    const { bytes, ...head } = headerOf(block);
    const body = archive.subarray(at + blockBytes, at + blockBytes + bytes);
    if (body.length < bytes) throw new TarError("the archive is cut off");
    yield { ...head, body };
    at += blockBytes * (1 + Math.ceil(bytes / blockBytes));
  }
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

function demandZero(rest: Buffer): void {
  if (!isZero(rest)) throw new TarError("something follows its end");
}

function add(files: Map<string, Buffer>, path: string, bytes: Buffer, limits: TarLimits): void {
  if (files.has(path)) throw new TarError("a path comes twice");
  if (bytes.length > limits.maxBytes) throw new TarError(`a file is larger than ${limits.maxBytes} bytes`);
  if (files.size >= limits.maxFiles) throw new TarError(`it holds more than ${limits.maxFiles} files`);
  files.set(path, bytes);
}

interface Header {
  readonly type: string;
  readonly bytes: number;
  readonly name: Buffer;
}

function headerOf(block: Buffer): Header {
  if (octal(block.subarray(148, 156)) !== checksum(block)) throw new TarError("a header's checksum is wrong");
  const type = block[156] === 0 ? "0" : String.fromCharCode(block[156] ?? 0);
  const name = untilZero(block.subarray(0, 100));
  // GNU's own format keeps other things where the standard has the prefix of a long path.
  const standard = block.toString("latin1", 257, 263) === "ustar\0";
  const prefix = standard ? untilZero(block.subarray(345, 500)) : Buffer.alloc(0);
  return {
    type,
    bytes: octal(block.subarray(124, 136)),
    name: prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from("/"), name]),
  };
}

/** Digits, then blanks or zeros. The binary form of larger numbers is refused: no such file is taken. */
function octal(field: Buffer): number {
  const digits = /^ *([0-7]{1,11})[ \0]*$/.exec(field.toString("latin1"))?.[1];
  if (digits === undefined) throw new TarError("a header's number is wrong");
  return Number.parseInt(digits, 8);
}

function untilZero(field: Buffer): Buffer {
  const end = field.indexOf(0);
  return end === -1 ? field : field.subarray(0, end);
}

function longName(body: Buffer): Buffer {
  if (body.length > longestPath) throw new TarError("a path is too long");
  return untilZero(body);
}

/** `<length> path=<value>` LF among other records. One that would change a file's size or shape is refused. */
function paxPath(body: Buffer): Buffer | undefined {
  let path: Buffer | undefined;
  for (let at = 0; at < body.length;) {
    const blank = body.indexOf(0x20, at);
    const length = blank === -1 ? Number.NaN : Number(body.toString("latin1", at, blank));
    const record = body.subarray(blank + 1, at + length);
    if (!Number.isInteger(length) || length <= blank + 1 - at || at + length > body.length || record.at(-1) !== 0x0a)
      throw new TarError("an extended header is wrong");
    const equals = record.indexOf("=");
    const key = record.toString("latin1", 0, equals);
    if (key === "size" || key.startsWith("GNU.sparse")) throw new TarError("a file is stored in a form that is not taken");
    if (key === "path") path = record.subarray(equals + 1, -1);
    at += length;
  }
  return path;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function pathOf(name: Buffer): string {
  if (name.length > longestPath) throw new TarError("a path is too long");
  const path = decoded(name).replace(/^\.\//, "");
  const parts = path.split("/");
  if (path.includes("\0") || parts.some((part) => part === "" || part === "." || part === "..")) throw new TarError("a path leads out");
  return path;
}

function decoded(name: Buffer): string {
  try {
    return utf8.decode(name);
  } catch {
    throw new TarError("a path is not UTF-8");
  }
}
