import { copyFile, mkdir, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { licencesOf } from "./licences.ts";
import { type Program, root } from "./program.ts";
import { buildWeb, webFiles } from "./web.ts";

// Some dependencies are CommonJS and ask for Node's own modules by require, which an ES module does not have.
const banner = `import { createRequire as bundleRequire } from "node:module";\nconst require = bundleRequire(import.meta.url);`;

/** A bundle of an image: its name, and the program that it is made of. */
interface Bundle {
  readonly name: string;
  readonly entry: string;
}

const bundles: Readonly<Record<Program, readonly Bundle[]>> = {
  operator: [
    { name: "operator", entry: "operator/src/main.ts" },
    { name: "dashboard", entry: "dashboard/server/src/main.ts" },
  ],
  runner: [{ name: "runner", entry: "runner/src/main.ts" }],
};

/** Writes `dist/NAME.mjs` below the folder, the program with all it imports, and beside it the licences of what it imports. Not minified: a stack trace names functions and readable lines. */
async function bundle({ name, entry }: Bundle, folder: string): Promise<void> {
  const { metafile } = await build({
    entryPoints: [join(root, entry)],
    outfile: join(folder, "dist", `${name}.mjs`),
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
  await writeFile(join(folder, "dist", `${name}.licences.txt`), await licencesOf(bundled));
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
export async function ingredients(program: Program, folder: string): Promise<readonly string[]> {
  const made = bundles[program].flatMap(({ name }) => [`${name}.mjs`, `${name}.licences.txt`]);
  const pages = program === "operator" ? await webFiles(join(folder, "dist/web")) : [];
  const below = [...made, ...shipped[program], ...pages.map((path) => `web/${path}`)];
  return [`Dockerfile.${program}`, ...below.map((path) => `dist/${path}`), "LICENSE"];
}

/** Makes a folder from which the image of a program can be built; the repository's own folder will do. The same sources give the same bytes. */
export async function prepareContext(program: Program, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const one of bundles[program]) await bundle(one, folder);
  if (program === "operator") await buildWeb(join(folder, "dist/web"));
  await ship(program, folder);
  if ((await realpath(folder)) === (await realpath(root))) return;
  for (const name of [`Dockerfile.${program}`, "LICENSE"]) await copyFile(join(root, name), join(folder, name));
}
