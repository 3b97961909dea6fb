import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { archiveCommand, type Builder, buildCommand } from "./builder.ts";
import { prepareContext } from "./bundle.ts";
import { run } from "./command.ts";
import { type Program, programs } from "./program.ts";

export interface BuildOptions {
  readonly builder: Builder;
  readonly tag: string;
  /** Written into the label `org.opencontainers.image.version`. */
  readonly version: string;
  /** The image to build on; undefined: what the Dockerfile says. */
  readonly base?: string | undefined;
  /** Goes before the name, as `registry.example/team`. */
  readonly prefix?: string | undefined;
  readonly push?: boolean;
  /** A folder that gets each image as a docker archive. */
  readonly archive?: string | undefined;
  /** The folder to build in; the repository's own will do. Bundles are written into its `dist`. */
  readonly context: string;
  /** Takes one line for each step. */
  readonly say?: (line: string) => void;
}

export interface Image {
  readonly name: string;
  /** Path of the docker archive, if one was asked for. */
  readonly archive: string | undefined;
}

/** Builds both images, one after the other. Throws CommandError with the builder's output. */
export async function buildImages(options: BuildOptions): Promise<Readonly<Record<Program, Image>>> {
  for (const program of programs) await prepareContext(program, options.context);
  return { operator: await buildImage("operator", options), runner: await buildImage("runner", options) };
}

/** Builds one image in a folder that `prepareContext` has made. */
export async function buildImage(program: Program, options: BuildOptions): Promise<Image> {
  const { builder, context, say = () => undefined } = options;
  const name = imageName(program, options);
  say(`building ${name} with ${builder} …`);
  await run(builder, ...buildCommand(builder), ...buildArguments(program, name, options), context);
  if (options.push === true) {
    say(`pushing ${name} …`);
    await run(builder, "push", name);
  }
  return { name, archive: await writeArchive(program, name, options) };
}

/** Podman and Buildah keep an image without a registry as localhost/…, and write it so into archives; Docker as it is. */
function imageName(program: Program, { builder, tag, prefix = builder === "docker" ? undefined : "localhost" }: BuildOptions): string {
  const name = `codybatch-${program}:${tag}`;
  return prefix === undefined ? name : `${prefix}/${name}`;
}

function buildArguments(program: Program, name: string, { base, version, context }: BuildOptions): readonly string[] {
  const chosen = base === undefined ? [] : ["--build-arg", `BASE=${base}`];
  return ["--tag", name, "--file", join(context, `Dockerfile.${program}`), "--build-arg", `VERSION=${version}`, ...chosen];
}

/** Under its name only when it is whole. */
async function writeArchive(program: Program, name: string, options: BuildOptions): Promise<string | undefined> {
  const { archive, builder, tag } = options;
  if (archive === undefined) return undefined;
  await mkdir(archive, { recursive: true });
  const file = join(archive, `codybatch-${program}-${tag}.tar`);
  const partial = `${file}.${process.pid}`;
  await rm(partial, { force: true });
  try {
    await run(builder, ...archiveCommand(builder, name, partial));
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
  return file;
}
