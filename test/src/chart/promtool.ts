import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { command, type CommandOutput } from "../process/command.ts";

/** Runs promtool, Prometheus' own checker of rules, in a folder. */
export type Promtool = (folder: string, ...args: readonly string[]) => Promise<CommandOutput>;

/** Finds promtool: named by PROMTOOL, on PATH, or in Debian's package prometheus, which is unpacked below the cache folder and never installed. */
export async function findPromtool(): Promise<Promtool> {
  const named = process.env["PROMTOOL"];
  const places = named === undefined ? (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "promtool")) : [named];
  for (const place of places) if (await isThere(place)) return promtoolAt(place);
  const unpacked = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "codybatch-promtool/promtool");
  if (!(await isThere(unpacked))) await unpack(unpacked);
  return promtoolAt(unpacked);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function promtoolAt(program: string): Promtool {
  return (cwd, ...args) => command(program, args, { cwd });
}

/** In a folder of its own first, so that a run that is killed leaves nothing that looks whole. */
async function unpack(place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  const beside = await mkdtemp(`${place}-`);
  try {
    // A fresh machine has no package lists.
    const first = await command("apt-get", ["download", "prometheus"], { cwd: beside });
    if (first.exitCode !== 0) await command("apt-get", ["-qq", "update"]);
    if (first.exitCode !== 0) await step("apt-get", ["download", "prometheus"], beside);
    const [archive = ""] = await readdir(beside);
    await step("dpkg-deb", ["--extract", archive, "tree"], beside);
    await rename(join(beside, "tree/usr/bin/promtool"), place);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function step(program: string, args: readonly string[], cwd: string): Promise<void> {
  const { exitCode, stdout, stderr } = await command(program, args, { cwd });
  if (exitCode === 0) return;
  const said = `${program} ${args.join(" ")} said: ${stdout}${stderr}`;
  throw new Error(
    `promtool is needed: put that of Prometheus 2.42 or newer on PATH, or set PROMTOOL to it. On Debian it comes by itself, but ${said}`,
  );
}
