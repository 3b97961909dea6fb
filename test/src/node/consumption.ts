import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a container has taken since its start, by the kernel's count, and what it may take. */
export interface Consumption {
  /** Most memory at once, with the files that the kernel kept in its name. */
  readonly peakBytes: number;
  /** The largest of the program's own memory that was seen. */
  readonly ownBytes: number;
  readonly cpuSeconds: number;
  readonly limitBytes: number;
  /** How often it came to its limit, was killed there, or had to wait for CPU time that it may not take. */
  readonly refused: number;
  readonly killed: number;
  readonly throttled: number;
}

const groups = "/sys/fs/cgroup";
/** Pods that request less than they may take lie there. */
const pods = "kubepods/burstable";

/** All containers of the node, by id, as far as they were ever looked at: with its process goes what the kernel knows of one. */
export class Consumptions {
  readonly #seen = new Map<string, Consumption>();

  /** Looks at every container that runs now. */
  look(): void {
    const root = join(groups, isUnified() ? pods : `memory/${pods}`);
    for (const pod of foldersIn(root)) for (const id of foldersIn(join(root, pod))) this.#lookAt(pod, id);
  }

  /** Of the container with this containerID of a pod's status; one that was never seen is an error. */
  of(containerID: string): Consumption {
    const found = this.#seen.get(containerID.replace("containerd://", ""));
    if (found === undefined) throw new Error(`nobody looked at ${containerID} while it ran`);
    return found;
  }

  #lookAt(pod: string, id: string): void {
    try {
      const now = isUnified() ? unified(join(pods, pod, id)) : separate(join(pods, pod, id));
      this.#seen.set(id, { ...now, ownBytes: Math.max(now.ownBytes, this.#seen.get(id)?.ownBytes ?? 0) });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
}

/** Version 2 of control groups has one tree, version 1 a tree for each resource. */
function isUnified(): boolean {
  return existsSync(join(groups, "cgroup.controllers"));
}

function unified(path: string): Consumption {
  const memory = (file: string): string => read(path, `memory.${file}`);
  const cpu = read(path, "cpu.stat");
  return {
    peakBytes: Number(memory("peak")),
    ownBytes: field(memory("stat"), "anon"),
    cpuSeconds: field(cpu, "usage_usec") / 1e6,
    limitBytes: Number(memory("max")),
    refused: field(memory("events"), "max"),
    killed: field(memory("events"), "oom_kill"),
    throttled: field(cpu, "nr_throttled"),
  };
}

function separate(path: string): Consumption {
  const memory = (file: string): string => read(join("memory", path), `memory.${file}`);
  return {
    peakBytes: Number(memory("max_usage_in_bytes")),
    ownBytes: field(memory("stat"), "total_rss"),
    cpuSeconds: Number(read(join("cpuacct", path), "cpuacct.usage")) / 1e9,
    limitBytes: Number(memory("limit_in_bytes")),
    refused: Number(memory("failcnt")),
    killed: field(memory("oom_control"), "oom_kill"),
    throttled: field(read(join("cpu", path), "cpu.stat"), "nr_throttled"),
  };
}

function read(path: string, file: string): string {
  return readFileSync(join(groups, path, file), "utf8").trim();
}

/** `name 12` of several lines. */
function field(text: string, name: string): number {
  const [, value] = new RegExp(`^${name} (\\d+)$`, "m").exec(text) ?? [];
  if (value === undefined) throw new Error(`no ${name} among ${text}`);
  return Number(value);
}

function foldersIn(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** A container may end while it is looked at. */
function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENODEV");
}
