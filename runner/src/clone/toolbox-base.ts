import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunInput } from "@codybatch/crds";
import type { GitOptions } from "../git/index.ts";
import { checkScript, setupScript } from "../toolbox/check-script.ts";
import { writeBaseArchive } from "./base-archive.ts";

interface Laying {
  readonly input: Pick<RunInput, "checks" | "setup">;
  readonly commit: string;
  readonly workTree: string;
  readonly options: GitOptions;
}

/** Lays the program of the toolbox. */
export async function layToolboxScript(directory: string, script: string): Promise<void> {
  await copyFile(script, join(directory, "toolbox.sh"));
}

/**
 * Lays what the toolbox mounts read-only beside its script: the tracked files, and one script for each check. This is all that says what may
 * run; the agent only ever sends a name.
 */
export async function layToolboxBase(directory: string, { input, commit, workTree, options }: Laying): Promise<void> {
  await mkdir(join(directory, "checks"), { recursive: true });
  for (const check of input.checks) await writeFile(join(directory, "checks", check.name), checkScript(check), { flag: "wx" });
  if (input.setup !== undefined) await writeFile(join(directory, "setup"), setupScript(input.setup), { flag: "wx" });
  await writeBaseArchive({ commit, workTree, options }, join(directory, "base.tar"));
}
