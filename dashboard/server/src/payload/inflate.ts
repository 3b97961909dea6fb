import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Refusal } from "../http/refusal.ts";

const unzip = promisify(gunzip);

/** The text of a gzip, at most `most` bytes of it: a small file can hold a very large one. */
export async function inflate(gz: Buffer, most: number): Promise<Buffer> {
  try {
    return await unzip(gz, { maxOutputLength: most });
  } catch (error) {
    const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ERR_BUFFER_TOO_LARGE") {
      throw new Refusal(
        "TooLarge",
        `What is stored has more than ${Math.floor(most / 1048576)} MiB and cannot be shown. Fetch it with kubectl.`,
      );
    }
    throw new Refusal("Gone", "What is stored cannot be unpacked: it is damaged.");
  }
}
