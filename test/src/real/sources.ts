import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { command } from "../process/command.ts";

/** A published source that anybody can fetch again: its version and checksum are pinned. */
export interface RealSource {
  readonly name: string;
  readonly version: string;
  /** First line of its README, which the change starts from. */
  readonly heading: string;
  /** Fetches and unpacks it below `folder`; answers the source's root. Throws when the checksum differs. */
  readonly unpack: (folder: string) => Promise<string>;
}

export const realSources: readonly RealSource[] = [
  {
    name: "tetratelabs/wazero",
    version: "v1.12.0",
    heading: "# wazero: the zero dependency WebAssembly runtime for Go developers",
    unpack: unpackGoModule,
  },
  { name: "lodash/lodash", version: "4.17.21", heading: "# lodash v4.17.21", unpack: unpackPackage },
  { name: "pallets/flask", version: "3.1.0", heading: "# Flask", unpack: unpackSdist },
];

const Download = z.object({ Dir: z.string(), Sum: z.string() });

async function unpackGoModule(folder: string): Promise<string> {
  const { stdout } = await fetched("go", ["mod", "download", "-json", "github.com/tetratelabs/wazero@v1.12.0"], folder);
  const { Dir, Sum } = Download.parse(JSON.parse(stdout));
  expectSum(Sum, "h1:DuWcpNu/FzgEXgGBDp8J1Spc+CWOvvtvVyjKlaZopYU=");
  const root = join(folder, "wazero");
  await cp(Dir, root, { recursive: true });
  await must("chmod", ["-R", "u+w", root], folder);
  return root;
}

async function unpackPackage(folder: string): Promise<string> {
  await fetched("npm", ["pack", "--loglevel=error", "lodash@4.17.21"], folder);
  return unpackArchive(folder, "lodash-4.17.21.tgz", "6a087ac9e5702a0c9d60fbcd48696012646ec8df1491dea472b150e79fcaf804");
}

async function unpackSdist(folder: string): Promise<string> {
  await fetched("python3", ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "flask==3.1.0", "-d", folder], folder);
  return unpackArchive(folder, "flask-3.1.0.tar.gz", "5f873c5184c897c8d9d1b05df1e3d01b14910ce69607a117bd3277098a5836ac");
}

async function unpackArchive(folder: string, file: string, sha256: string): Promise<string> {
  const archive = join(folder, file);
  expectSum(
    createHash("sha256")
      .update(await readFile(archive))
      .digest("hex"),
    sha256,
  );
  const root = join(folder, file.replace(/\.(tgz|tar\.gz)$/, ""));
  await mkdir(root);
  await must("tar", ["-xzf", archive, "-C", root, "--strip-components", "1"], folder);
  return root;
}

/** Makes a git repository with one reproducible commit of everything that lies in `root`; answers the commit. */
export async function makeRepository(root: string): Promise<string> {
  const git = (...args: readonly string[]): Promise<{ stdout: string }> =>
    must("git", ["-c", "user.name=Source", "-c", "user.email=source@localhost", "-c", "core.autocrlf=false", ...args], root, {
      GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
      GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
    });
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all", "--force");
  await git("commit", "--quiet", "--message", "Published source");
  return (await git("rev-parse", "HEAD")).stdout.trim();
}

/** How many files a source has, for the figures. */
export async function countFiles(root: string): Promise<number> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && !`${entry.parentPath}/`.startsWith(join(root, ".git/"))).length;
}

function expectSum(found: string, pinned: string): void {
  if (found !== pinned) throw new Error(`the source's checksum is ${found}, pinned is ${pinned}: it is not the source that was tested`);
}

/** A registry may not answer at once; what it gives is checked against its sum, so asking again is safe. */
async function fetched(program: string, args: readonly string[], cwd: string): Promise<{ stdout: string }> {
  try {
    return await must(program, args, cwd);
  } catch {
    return await must(program, args, cwd);
  }
}

async function must(program: string, args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<{ stdout: string }> {
  const done = await command(program, args, { cwd, env });
  if (done.exitCode !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${done.exitCode}: ${done.stderr.slice(-2000)}`);
  return done;
}
