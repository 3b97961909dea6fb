import { join } from "node:path";
import { readForeign } from "../../out/index.ts";
import { readBoot } from "./answer.ts";

/** The programs that the toolbox's image lacks, if the toolbox has said so by now; whatever else lies there the first check finds out. */
export async function lackingPrograms(mailboxDir: string): Promise<string | undefined> {
  const bytes = await readForeign(join(mailboxDir, "boot"), 4096).catch(() => undefined);
  const boot = bytes === undefined ? undefined : readBoot(bytes);
  return boot?.kind === "lacks" ? boot.programs : undefined;
}
