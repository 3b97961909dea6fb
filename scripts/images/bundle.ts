import { copyFile, mkdir, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { licencesOf } from "./licences.ts";
import { type Program, root } from "./program.ts";

// Some dependencies are CommonJS and ask for Node's own modules by require, which an ES module does not have.
const banner = `import { createRequire as bundleRequire } from "node:module";\nconst require = bundleRequire(import.meta.url);`;

/** Writes `dist/PROGRAM.mjs` below the folder, the program with all it imports, and beside it the licences of what it imports. Not minified: a stack trace names functions and readable lines. */
async function bundle(program: Program, folder: string): Promise<void> {
  const { metafile } = await build({
    entryPoints: [join(root, program, "src/main.ts")],
    outfile: join(folder, "dist", `${program}.mjs`),
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    banner: { js: banner },
    legalComments: "eof",
    metafile: true,
    logLevel: "error",
  });
  const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  await writeFile(join(folder, "dist", `${program}.licences.txt`), await licencesOf(bundled));
}

/** Files that a program reads as they are, at the same path beside the bundle as beside the sources. */
const shipped: Readonly<Record<Program, readonly string[]>> = { operator: [], runner: ["toolbox/toolbox.sh"] };

async function ship(program: Program, folder: string): Promise<void> {
  for (const path of shipped[program]) {
    await mkdir(join(folder, "dist", dirname(path)), { recursive: true });
    await copyFile(join(root, program, "src", path), join(folder, "dist", path));
  }
}

/** Paths, in a folder made by `prepareContext`, of all that the image of a program is built from. */
export function ingredients(program: Program): readonly string[] {
  const made = [`${program}.mjs`, `${program}.licences.txt`, ...shipped[program]];
  return [`Dockerfile.${program}`, ...made.map((path) => `dist/${path}`), "LICENSE"];
}

/** Makes a folder from which the image of a program can be built; the repository's own folder will do. The same sources give the same bytes. */
export async function prepareContext(program: Program, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await bundle(program, folder);
  await ship(program, folder);
  if ((await realpath(folder)) === (await realpath(root))) return;
  for (const name of [`Dockerfile.${program}`, "LICENSE"]) await copyFile(join(root, name), join(folder, name));
}
