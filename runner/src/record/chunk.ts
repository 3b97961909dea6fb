import { gzipSync } from "node:zlib";
import type { Redactor } from "../redact/index.ts";
import { mostChunkText } from "./limit.ts";

const newline = 10;

export interface Chunk {
  /** Bytes of the text that it covers, whole lines. */
  readonly length: number;
  readonly events: number;
  readonly gz: Buffer;
}

/** The longest run of whole lines from the start whose gzip fits; undefined when not even one line does. */
export function cutChunk(text: Buffer, mostBytes: number, redact: Redactor): Chunk | undefined {
  let length = endOfLine(text, Math.min(text.length, mostChunkText));
  while (length > 0) {
    const lines = text.subarray(0, length);
    const gz = compress(lines, redact);
    if (gz.length <= mostBytes) return { length, events: countLines(lines), gz };
    // A little less than in proportion, so that few attempts are needed.
    length = endOfLine(text, Math.floor((length * mostBytes * 0.9) / gz.length)) || shorter(text, length);
  }
  return undefined;
}

/** All whole lines of a text as one chunk; undefined when their gzip does not fit. */
export function wholeChunk(text: Buffer, mostBytes: number, redact: Redactor): Chunk | undefined {
  const lines = text.subarray(0, endOfLine(text, text.length));
  const gz = compress(lines, redact);
  return gz.length > mostBytes ? undefined : { length: lines.length, events: countLines(lines), gz };
}

/** Just the first line, when that is less than there was. */
function shorter(text: Buffer, length: number): number {
  const first = text.indexOf(newline) + 1;
  return first < length ? first : 0;
}

/** The position after the last line that ends within `length` bytes; 0 when none does. */
export function endOfLine(text: Buffer, length: number): number {
  return length === 0 ? 0 : text.lastIndexOf(newline, length - 1) + 1;
}

export function countLines(text: Buffer): number {
  let lines = 0;
  for (let at = text.indexOf(newline); at >= 0; at = text.indexOf(newline, at + 1)) lines += 1;
  return lines;
}

/** Equal text gives equal bytes: gzip's time stamp stays zero. */
function compress(text: Buffer, redact: Redactor): Buffer {
  return gzipSync(redact(text.toString("utf8")));
}
