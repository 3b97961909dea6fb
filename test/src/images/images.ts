import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, utimes } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage } from "../../../scripts/images/build.ts";
import { ingredients, prepareContext } from "../../../scripts/images/bundle.ts";
import { run } from "../../../scripts/images/command.ts";
import { type Program, root } from "../../../scripts/images/program.ts";
import { alone } from "./lock.ts";
import { pruneImages } from "./prune.ts";

/** Names of the images as a cluster knows them, and the docker archives for `cluster.sh load-image`. */
export interface TestImages {
  readonly operator: string;
  readonly runner: string;
  readonly archives: readonly string[];
  /** The stand-in for node:24-slim that both are built on. */
  readonly base: string;
}

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "codybatch-images");
const scripts = join(root, "test/cluster");
const prefix = "localhost";

/** The images of the sources as they are now. Builds only what an earlier call left out: a minute at first, a second or two after. */
export async function testImages(): Promise<TestImages> {
  await run(join(scripts, "packages.sh"), "buildah", "mmdebstrap");
  await mkdir(cache, { recursive: true });
  // Buildah's own way to run a build step needs more rights than a container gives.
  process.env["BUILDAH_ISOLATION"] ??= "chroot";
  return alone(join(cache, "lock"), async () => {
    const base = await baseImage();
    const operator = await testImage("operator", base);
    const runner = await testImage("runner", base);
    await pruneImages(cache);
    return { operator: operator.name, runner: runner.name, archives: [operator.archive, runner.archive], base };
  });
}

async function baseImage(): Promise<string> {
  return (await run(join(scripts, "base-image.sh"))).trim();
}

async function testImage(program: Program, base: string): Promise<{ readonly name: string; readonly archive: string }> {
  const context = await mkdtemp(join(tmpdir(), "codybatch-image-"));
  try {
    await prepareContext(program, context);
    const tag = await contentOf(program, context, base);
    const archive = join(cache, `codybatch-${program}-${tag}.tar`);
    if (!(await used(archive)))
      await buildImage(program, { builder: "buildah", tag, version: "0.0.0", base, prefix, archive: cache, context });
    return { name: `${prefix}/codybatch-${program}:${tag}`, archive };
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** The first 12 hex digits of a digest over all that goes into an image. */
async function contentOf(program: Program, context: string, base: string): Promise<string> {
  const digest = createHash("sha256").update(await run("buildah", "inspect", "--type", "image", "--format", "{{.FromImageID}}", base));
  for (const file of await ingredients(program, context)) digest.update(await readFile(join(context, file)));
  return digest.digest("hex").slice(0, 12);
}

/** Whether an archive is there; marks it as used now, so that it is not among the oldest. */
async function used(archive: string): Promise<boolean> {
  const now = new Date();
  return utimes(archive, now, now).then(
    () => true,
    () => false,
  );
}
