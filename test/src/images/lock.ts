import { spawn } from "node:child_process";
import { once } from "node:events";

/** Runs the work while no other process holds the lock file; the system frees it when its holder dies. */
export async function alone<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn("flock", [lockFile, "sh", "-c", "echo held; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(holder, "exit");
  try {
    await Promise.race([once(holder.stdout, "data"), ended.then(([code]) => Promise.reject(new Error(`flock ended with ${code}`)))]);
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
