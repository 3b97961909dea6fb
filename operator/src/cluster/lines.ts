/**
 * Cuts bytes into lines, however the chunks fall, inside a character too. What follows the last line feed when the bytes end is half a line:
 * it is not given, but `onHalf` is told.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, onHalf: () => void): AsyncGenerator<string> {
  let rest: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...rest, chunk.subarray(from, end)]).toString("utf8");
      [rest, from] = [[], end + 1];
      if (line.trim() !== "") yield line;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) onHalf();
}
