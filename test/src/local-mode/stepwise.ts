/**
 * Loaded into the runner's program before its own first line: an agent asks over HTTP for leave before and after each file that it writes, and before
 * each that it opens, so that a test can hold it there. The program's own code is as it is; only Node's file functions are wrapped.
 */
import { readFileSync } from "node:fs";
import files from "node:fs/promises";
import { request } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { basename, join } from "node:path";
import type { Step } from "./steps.ts";

const ask = new URL(import.meta.url).searchParams.get("ask") ?? "";
const { CODYBATCH_INPUT_DIR = "", CODYBATCH_OUT_DIR = "", CODYBATCH_WORKSPACE_DIR = "" } = process.env;

function repositoryOf(): string {
  const input = JSON.parse(readFileSync(join(CODYBATCH_INPUT_DIR, "input.json"), "utf8")) as { repository: { name: string } };
  return input.repository.name;
}

function leave(step: Omit<Step, "repository">): Promise<void> {
  const { text, ...rest } = step;
  const query = new URLSearchParams({ repository: repositoryOf(), ...rest });
  return new Promise((resolve, reject) => {
    // A connection of its own: one that was kept could be closed from the other side just now.
    const options = { method: "POST", agent: false } as const;
    const asking = request(`${ask}/step?${query.toString()}`, options, (answer) => answer.resume().on("end", resolve));
    asking.on("error", reject).end(text);
  });
}

function isIn(folder: string, path: string): boolean {
  return folder !== "" && path.startsWith(`${folder}/`);
}

const { open, rename } = files;

async function openStepwise(...args: Parameters<typeof open>): ReturnType<typeof open> {
  const [path, flags] = args;
  const isEvent = flags === "a" && isIn(CODYBATCH_OUT_DIR, String(path));
  // The tools open with numbers of O_RDONLY and O_WRONLY; a folder listing or git has its own ways.
  const act = typeof flags === "number" && isIn(CODYBATCH_WORKSPACE_DIR, String(path)) ? (flags % 4 === 0 ? "read" : "write") : undefined;
  const name = basename(String(path));
  if (act !== undefined) await leave({ when: "before", act, name, text: "" });
  const file = await open(...args);
  if (isIn(CODYBATCH_OUT_DIR, String(path)) && name.startsWith("progress.")) return overwriteStepwise(file);
  return isEvent ? appendStepwise(file, name) : file;
}

type File = Awaited<ReturnType<typeof open>>;

function appendStepwise(file: File, name: string): File {
  const writeFile = file.writeFile.bind(file);
  file.writeFile = async (...args) => {
    const text = typeof args[0] === "string" ? args[0] : "";
    await leave({ when: "before", act: "append", name, text });
    await writeFile(...args);
    await leave({ when: "after", act: "append", name, text });
  };
  return file;
}

/** The page of the progress: written under another name first, and in place from then on. */
function overwriteStepwise(file: File): File {
  const write = file.write.bind(file) as (bytes: Buffer, ...place: number[]) => ReturnType<typeof file.write>;
  let begun = false;
  const writeStepwise = async (bytes: Buffer, ...place: number[]) => {
    const step = { act: "put", name: "progress", text: bytes.toString("utf8") } as const;
    if (begun) await leave({ when: "before", ...step });
    const written = await write(bytes, ...place);
    if (begun) await leave({ when: "after", ...step });
    begun = true;
    return written;
  };
  return Object.assign(file, { write: writeStepwise });
}

async function renameStepwise(...[from, to]: Parameters<typeof rename>): Promise<void> {
  if (!isIn(CODYBATCH_OUT_DIR, String(to))) return rename(from, to);
  const step = { act: "put", name: basename(String(to)), text: readFileSync(from, "utf8") } as const;
  await leave({ when: "before", ...step });
  await rename(from, to);
  await leave({ when: "after", ...step });
}

if (process.argv[2] === "agent") {
  Object.assign(files, { open: openStepwise, rename: renameStepwise });
  syncBuiltinESMExports();
  process.on("SIGTERM", () => void leave({ when: "after", act: "signal", name: "SIGTERM", text: "" }));
}
