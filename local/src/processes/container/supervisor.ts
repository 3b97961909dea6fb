import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, closeSync, statSync } from "node:fs";
import { join } from "node:path";

import { makePrivate, readIfThere } from "../disk/atomic.ts";
import type { Variables } from "./environment.ts";
import { startOf } from "./identity.ts";

/**
 * Runs one container's process and writes its exit code to a file, so that the code outlives the process runner.
 * - It starts nothing before it reads a line: whoever spawned it first records its process id durably. Should the spawner die before,
 *   `read` meets the end of the file and nothing ever ran; `begun` says that something did.
 * - SIGTERM is passed on. `wait` returns early for a trapped signal; the code is final once the process is gone.
 * - The last line ends what the process left behind in its group, and the supervisor itself, as the end of a container would.
 * Variables have a prefix because an inherited one of the same name would be changed for the process as well.
 */
const script = `
cb__dir=$1; shift
cb__child=; cb__term=
trap 'cb__term=1; if [ -n "$cb__child" ]; then kill -TERM "$cb__child" 2>/dev/null; fi' TERM
read -r cb__go || exit 0
: > "$cb__dir/begun" || exit 0
unset PWD OLDPWD SHLVL cb__go
"$@" < /dev/null &
cb__child=$!
if [ -n "$cb__term" ]; then kill -TERM "$cb__child" 2>/dev/null; fi
printf '%s\\n' "$cb__child" > "$cb__dir/child"
while :; do
  wait "$cb__child"; cb__code=$?
  kill -0 "$cb__child" 2>/dev/null || break
done
printf '%s\\n' "$cb__code" > "$cb__dir/exit.new"
sync "$cb__dir/exit.new" 2>/dev/null
mv "$cb__dir/exit.new" "$cb__dir/exit"
kill -KILL 0
`;

interface Launch {
  /** Folder of this one run; must not hold an earlier run. */
  readonly runDir: string;
  readonly command: readonly string[];
  readonly environment: Variables;
  readonly cwd: string;
  readonly logFile: string;
  readonly onExit: () => void;
}

/** A supervisor that waits for its word. */
export interface Launched {
  readonly pid: number;
  /** See {@link startOf}. */
  readonly start: string;
  /** Lets the process start; call it after `pid` and `start` are recorded. */
  readonly go: () => void;
}

/** Spawns the supervisor in a process group of its own. Rejects when it cannot be started. */
export async function launch({ runDir, command, environment, cwd, logFile, onExit }: Launch): Promise<Launched> {
  makePrivate(runDir);
  const log = openSync(logFile, "a", 0o600);
  try {
    const args = ["-c", script, "supervisor", runDir, ...command];
    const child = spawn("/bin/sh", args, { cwd, env: { ...environment }, detached: true, stdio: ["pipe", log, log] });
    child.on("exit", onExit);
    await once(child, "spawn");
    child.on("error", onExit);
    child.unref();
    const { pid, stdin } = child;
    const start = pid === undefined ? undefined : startOf(pid);
    if (pid === undefined || start === undefined || stdin === null) throw new Error("the supervisor ended at once");
    stdin.on("error", onExit);
    return { pid, start, go: () => stdin.end("go\n") };
  } finally {
    closeSync(log);
  }
}

export interface RunEnd {
  readonly exitCode: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How the run ended, as the supervisor recorded it. */
export async function recordedEnd(runDir: string): Promise<RunEnd | undefined> {
  const path = join(runDir, "exit");
  const text = await readIfThere(path);
  return text === undefined || !/^\d{1,3}\n$/.test(text) ? undefined : { exitCode: Number(text), at: statSync(path).mtimeMs };
}

/** Whether the container's process was ever started in this run. */
export function hasBegun(runDir: string): boolean {
  return existsSync(join(runDir, "begun"));
}
