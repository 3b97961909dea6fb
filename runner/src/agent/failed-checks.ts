import { join } from "node:path";
import type { RunInput } from "@codybatch/crds";
import { FailingChecks, failingChecksFile, mostFailingBytes } from "../clone/failing/file.ts";
import { parseJSON, readForeign } from "../out/index.ts";

/** What clone read of the failed checks that this attempt answers; undefined for any other attempt. Never rejects: without it the attempt goes on. */
export async function readFailedChecks(input: RunInput, gitDir: string): Promise<FailingChecks | undefined> {
  if (input.ciFailure === undefined) return undefined;
  const bytes = await readForeign(join(gitDir, failingChecksFile), mostFailingBytes).catch(() => undefined);
  const { data } = FailingChecks.safeParse(parseJSON(bytes?.toString("utf8") ?? ""));
  return data ?? { text: unread, warnings: [unread] };
}

const unread = "What the checks said could not be read.";
