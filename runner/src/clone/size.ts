import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../out/index.ts";
import { Refusal } from "./refusal.ts";

const mebibyte = 1024 * 1024;

/** Bytes of all files below a folder; what vanishes meanwhile counts nothing. */
export async function folderBytes(path: string): Promise<number> {
  const sizes = (await list(path)).map(async (entry) => {
    const below = join(path, entry.name);
    return entry.isDirectory() ? await folderBytes(below) : await fileBytes(below);
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function list(path: string): Promise<Dirent[]> {
  return await readdir(path, { withFileTypes: true }).catch(vanished<Dirent[]>([]));
}

async function fileBytes(path: string): Promise<number> {
  return await lstat(path).then(({ size }) => size, vanished(0));
}

function vanished<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (errorCode(error) === "ENOENT") return value;
    throw error;
  };
}

export function tooLarge(url: string, maxBytes: number): Refusal {
  return new Refusal(
    "RepositoryTooLarge",
    `${url} needs more than ${Math.floor(maxBytes / mebibyte)} MiB for one branch without history, the limit of this installation. ${remedy}`,
  );
}

export function tooManyFiles(url: string, files: number, maxFiles: number): Refusal {
  return new Refusal("RepositoryTooLarge", `${url} has ${files} files, more than the limit of ${maxFiles} of this installation. ${remedy}`);
}

const remedy = "An admin can raise it; else take the repository out of spec.repositories.";

/** Calls `exceeded` once when a folder grows over `maxBytes`, looked at every `everyMs`. Dispose to stop looking. */
export function watchGrowth(path: string, maxBytes: number, everyMs: number, exceeded: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const bytes = await folderBytes(path).catch(() => 0);
    if (stopped) return;
    if (bytes > maxBytes) exceeded();
    else timer = setTimeout(() => void look(), everyMs);
  };
  void look();
  return {
    [Symbol.dispose]: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
