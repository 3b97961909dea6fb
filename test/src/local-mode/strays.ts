import { readFileSync, readdirSync } from "node:fs";

/** A process of this machine that knows the folder. */
export interface Stray {
  readonly pid: number;
  readonly command: string;
}

/** Processes whose command line or environment names the folder; empty where there is no /proc. */
export function straysOf(dir: string): readonly Stray[] {
  return list("/proc").flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
    return command.includes(dir) || read(`/proc/${pid}/environ`).includes(dir) ? [{ pid, command }] : [];
  });
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Empty for a process that ended meanwhile or is another user's. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
