import { ReadableStream } from "node:stream/web";
import { describe, expect, it } from "vitest";
import { linesOf } from "./lines.ts";

async function read(chunks: readonly Uint8Array[]): Promise<{ readonly lines: readonly string[]; readonly halves: number }> {
  let halves = 0;
  const lines: string[] = [];
  for await (const line of linesOf(ReadableStream.from(chunks), () => void (halves += 1))) lines.push(line);
  return { lines, halves };
}

const text = Buffer.from('{"a":"日本"}\n\n{"b":2}\r\n{"c":"é"}\n');

describe("lines", () => {
  it.each(Array.from({ length: text.length }, (_, cut) => cut))("come out the same when the bytes are cut at %i", async (cut) => {
    const { lines, halves } = await read([text.subarray(0, cut), text.subarray(cut)]);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{ a: "日本" }, { b: 2 }, { c: "é" }]);
    expect(halves).toBe(0);
  });

  it("come out the same byte by byte", async () => {
    const { lines } = await read([...text].map((byte) => Uint8Array.of(byte)));
    expect(lines).toHaveLength(3);
  });

  it("do not include what has no end", async () => {
    expect(await read([Buffer.from('{"a":1}\n{"b"')])).toEqual({ lines: ['{"a":1}'], halves: 1 });
  });
});
