import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

import { isRunning, startOf } from "../container/identity.ts";

const holderSchema = z.object({ pid: z.number(), start: z.string() });

/** Another process runner works in this folder. */
export class LockedError extends Error {
  readonly pid: number;

  constructor(dir: string, pid: number) {
    super(`another process runner (process ${pid}) works in ${dir}; stop it first or choose another --dir`);
    this.name = "LockedError";
    this.pid = pid;
  }
}

/** Takes the folder for this process by writing processes.json; throws LockedError. Returns what gives it back. */
export function takeLock(dir: string): () => void {
  const path = join(dir, "processes.json");
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, start: startOf(process.pid) ?? "" }), { mode: 0o600 });
  try {
    if (!linked(own, path)) {
      const holder = holderOf(path);
      if (holder !== undefined && isRunning(holder.pid, holder.start)) throw new LockedError(dir, holder.pid);
      rmSync(path, { force: true });
      if (!linked(own, path)) throw new LockedError(dir, holderOf(path)?.pid ?? 0);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/** Making a hard link is refused when the name exists, so only one of two wins. */
function linked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch {
    return false;
  }
}

function holderOf(path: string): z.infer<typeof holderSchema> | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
