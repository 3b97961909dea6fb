import { readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { z } from "zod";

const Holder = z.object({ pid: z.int(), startedAt: z.string() });

/** Another process works in the folder. */
export class FolderInUseError extends Error {
  override name = "FolderInUseError";
  readonly pid: number;

  constructor(dir: string, pid: number) {
    super(`${dir} is in use by process ${pid}: stop it, or give another --dir`);
    this.pid = pid;
  }
}

/** Claims a folder for this process until the returned function is called. A claim of a dead process does not count. */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const path = `${dir}/server.lock`;
  const holder = await holderOf(path);
  if (holder !== undefined && startOf(holder.pid) === holder.startedAt) throw new FolderInUseError(dir, holder.pid);
  await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) }), { mode: 0o600 });
  return () => rm(path, { force: true });
}

async function holderOf(path: string): Promise<z.infer<typeof Holder> | undefined> {
  try {
    return Holder.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** What tells a process from a later one with its id: the start time where the system shows it. Undefined when there is none. */
function startOf(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    return status.slice(status.lastIndexOf(")")).split(" ")[20] ?? "";
  } catch {
    return isAlive(pid) ? "" : undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
