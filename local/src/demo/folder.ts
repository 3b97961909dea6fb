import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isRunning, signal, startOf } from "../processes/container/identity.ts";

const Mark = z.object({ name: z.string(), pid: z.int(), start: z.string() });
type Mark = z.infer<typeof Mark>;
const State = z.object({ programs: z.array(Mark).default([]), ports: z.record(z.string(), z.int()).default({}) });
type State = z.infer<typeof State>;

/** Another demo lives in the folder. */
export class FolderInUse extends Error {
  constructor(dir: string, pid: number) {
    super(`${dir} is in use by another demo, process ${pid}; stop that one with Ctrl-C or give another --dir`);
  }
}

/** The demo's folder: held by one demo at a time, and knows which programs and ports it has. */
export class Folder {
  readonly dir: string;
  readonly #path: string;
  readonly #lock: string;
  #state: State;

  /** Takes the folder; throws {@link FolderInUse}. What a dead demo left running is ended, each program by its own id. */
  constructor(dir: string) {
    mkdirSync(join(dir, "logs"), { recursive: true, mode: 0o700 });
    this.dir = dir;
    this.#path = join(dir, "demo.json");
    this.#lock = join(dir, "demo.lock");
    claim(this.#lock, dir);
    const before = State.safeParse(read(this.#path));
    for (const left of before.data?.programs.toReversed() ?? []) if (isRunning(left.pid, left.start)) signal(left.pid, "SIGKILL");
    this.#state = { programs: [], ports: before.data?.ports ?? {} };
    this.#save();
  }

  /** Port that a program had the last time, so that what was printed and what still runs stays right. */
  lastPort(name: string): number | undefined {
    return this.#state.ports[name];
  }

  notePort(name: string, port: number): void {
    this.#state = { ...this.#state, ports: { ...this.#state.ports, [name]: port } };
    this.#save();
  }

  noteProgram(name: string, pid: number): void {
    this.#state = { ...this.#state, programs: [...this.#state.programs, markOf(name, pid)] };
    this.#save();
  }

  /** Gives the folder back; call it after every program has ended. */
  release(): void {
    this.#state = { ...this.#state, programs: [] };
    this.#save();
    rmSync(this.#lock, { force: true });
  }

  #save(): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#state), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }
}

/** A hard link is refused when the name exists, so that of two demos only one wins; a dead one's claim is taken away. */
function claim(lock: string, dir: string): void {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, JSON.stringify(markOf("demo", process.pid)), { mode: 0o600 });
  try {
    if (linked(own, lock)) return;
    const holder = Mark.safeParse(read(lock)).data;
    if (holder !== undefined && isRunning(holder.pid, holder.start)) throw new FolderInUse(dir, holder.pid);
    rmSync(lock, { force: true });
    if (!linked(own, lock)) throw new FolderInUse(dir, 0);
  } finally {
    rmSync(own, { force: true });
  }
}

function linked(own: string, lock: string): boolean {
  try {
    linkSync(own, lock);
    return true;
  } catch {
    return false;
  }
}

function read(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function markOf(name: string, pid: number): Mark {
  return { name, pid, start: startOf(pid) ?? "" };
}
