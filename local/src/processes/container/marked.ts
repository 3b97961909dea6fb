import { readdirSync, readFileSync } from "node:fs";

import type { Variables } from "./environment.ts";
import { signal } from "./identity.ts";

const mark = "CODYBATCH_CONTAINER_RUN";
/** Rounds over all processes; one that is on its way out still counts, so that what it started last is seen too. */
const mostRounds = 20;

/** Marks everything that a run of a container starts, for it may leave the supervisor's process group. */
export function markOf(runDir: string): Variables {
  return { [mark]: runDir };
}

/**
 * Ends every process of this user that carries the run's mark, as the end of a container would. One that threw its environment away escapes;
 * so does everything where there is no /proc.
 */
export function endMarked(runDir: string): void {
  const wanted = Buffer.from(`${mark}=${runDir}\0`);
  for (let round = 0; round < mostRounds && endOnce(wanted); round += 1);
}

/** True when there was one. */
function endOnce(wanted: Buffer): boolean {
  const marked = processes().filter((pid) => environmentOf(pid).includes(wanted));
  return marked.filter((pid) => signal(pid, "SIGKILL")).length > 0;
}

function processes(): readonly number[] {
  try {
    return readdirSync("/proc")
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  } catch {
    return [];
  }
}

/** Empty for a process that ended meanwhile or is another user's. */
function environmentOf(pid: number): Buffer {
  try {
    return readFileSync(`/proc/${pid}/environ`);
  } catch {
    return Buffer.alloc(0);
  }
}
