import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { command } from "../process/command.ts";

const requirements = join(import.meta.dirname, "checkov-requirements.txt");

const Check = z.object({ check_id: z.string(), check_name: z.string(), resource: z.string() });
const Report = z.object({
  summary: z.object({ parsing_errors: z.literal(0) }),
  results: z.object({ passed_checks: z.array(Check), failed_checks: z.array(Check) }),
});

export interface Scan {
  /** `CKV_K8S_11 CPU limits should be set: Deployment.team-a.one`, a line per finding. */
  readonly findings: readonly string[];
  /** Every resource that was looked at. */
  readonly resources: readonly string[];
}

/** Scans all manifests of a folder with checkov's rules for Kubernetes. */
export async function scan(folder: string): Promise<Scan> {
  const args = ["--framework", "kubernetes", "--directory", folder, "--compact", "--skip-download", "--output", "json"];
  const python = await installed();
  const { stdout, stderr } = await command(python, [join(python, "../checkov"), ...args]);
  if (!stdout.startsWith("{")) throw new Error(`checkov gave no report: ${stdout}${stderr}`);
  const { passed_checks: passed, failed_checks: failed } = Report.parse(JSON.parse(stdout)).results;
  return {
    findings: failed.map((check) => findingOf(check.check_id, check.check_name, check.resource)).toSorted(),
    resources: [...new Set([...passed, ...failed].map(({ resource }) => resource))].toSorted(),
  };
}

export function findingOf(check: string, says: string, resource: string): string {
  return `${check} ${says}: ${resource}`;
}

/** Python with checkov, installed once per list of versions into a place of its own below the cache folder. */
async function installed(): Promise<string> {
  const versions = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex");
  const place = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "codybatch-checkov", versions.slice(0, 16));
  const python = join(place, "bin/python");
  if (await isWhole(place)) return python;
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  await step("Python 3.11 or newer with the module venv is needed (Debian: apt-get install python3-venv)", "python3", "-m", "venv", place);
  const pip = ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--no-deps", "--requirement", requirements];
  await step("PyPI must be in reach the first time (a mirror: PIP_INDEX_URL, a certificate: PIP_CERT)", python, ...pip);
  await writeFile(join(place, "whole"), "");
  return python;
}

function isWhole(place: string): Promise<boolean> {
  return readFile(join(place, "whole")).then(
    () => true,
    () => false,
  );
}

async function step(needed: string, program: string, ...args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await command(program, args);
  if (exitCode !== 0) throw new Error(`checkov cannot be installed. ${needed}. ${program} said: ${stdout}${stderr}`);
}
