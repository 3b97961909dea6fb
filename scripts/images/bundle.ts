import { copyFile, mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { type Program, root } from "./program.ts";

// Some dependencies are CommonJS and ask for Node's own modules by require, which an ES module does not have.
const banner = `import { createRequire as bundleRequire } from "node:module";\nconst require = bundleRequire(import.meta.url);`;

/** Writes `dist/PROGRAM.mjs` below the folder: the program with all it imports. Not minified: a stack trace names functions and readable lines. */
async function bundle(program: Program, folder: string): Promise<void> {
  await build({
    entryPoints: [join(root, program, "src/main.ts")],
    outfile: join(folder, "dist", `${program}.mjs`),
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    banner: { js: banner },
    legalComments: "eof",
    logLevel: "error",
  });
}

/** Makes a folder from which the image of a program can be built; the repository's own folder will do. The same sources give the same bytes. */
export async function prepareContext(program: Program, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await bundle(program, folder);
  if ((await realpath(folder)) === (await realpath(root))) return;
  for (const name of [`Dockerfile.${program}`, "LICENSE"]) await copyFile(join(root, name), join(folder, name));
}
