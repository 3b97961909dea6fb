import { parseArgs } from "node:util";
import { type Builder, builders } from "./builder.ts";

export const usage = `usage: npm run images -- [--push REGISTRY] [--tag TAG] [--base IMAGE] [--archive FOLDER] [--with BUILDER]
  --push REGISTRY   push to it, as registry.example/team; log in first with the builder's own login command
  --tag TAG         the images' tag; default: the version of package.json
  --base IMAGE      the image to build on, a Debian with Node 24; default: node:24-slim
  --archive FOLDER  write each image there as a docker archive, for docker load, ctr image import or kind load
  --with BUILDER    ${builders.join(", ")}; default: the first of them that works`;

export interface Options {
  readonly registry: string | undefined;
  readonly tag: string;
  readonly base: string | undefined;
  readonly archive: string | undefined;
  readonly builder: Builder | undefined;
}

/** The command line cannot be used; the message says what is wrong with it. */
export class UsageError extends Error {}

const part = "[a-z0-9]+(?:[._-]+[a-z0-9]+)*";
const registryForm = new RegExp(`^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\\d{1,5})?(?:/${part})*$`);
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const imageForm = /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/;

/** Reads a command line; `version` is the default tag. Throws UsageError. */
export function readOptions(words: string[], version: string): Options {
  const { push, tag = version, base, archive, with: builder } = parse(words);
  const registry = push?.replace(/\/$/, "");
  if (registry !== undefined && !registryForm.test(registry))
    throw new UsageError(
      `--push takes a registry such as registry.example/team or localhost:5000, without https:// and tag, not "${push}"`,
    );
  if (!tagForm.test(tag)) throw new UsageError(`--tag takes up to 128 letters, digits, "_", "." and "-", not "${tag}"`);
  if (base !== undefined && !imageForm.test(base))
    throw new UsageError(`--base takes the name of an image such as node:24-slim, not "${base}"`);
  // Buildah ends the path of an archive at the first colon.
  if (archive !== undefined && !/^[^:]+$/.test(archive)) throw new UsageError(`--archive takes a folder without ":", not "${archive}"`);
  const known = builders.find((one) => one === builder);
  if (builder !== known) throw new UsageError(`--with takes ${builders.join(", ")}, not "${builder}"`);
  return { registry, tag, base, archive, builder: known };
}

function parse(words: string[]): Readonly<Partial<Record<"push" | "tag" | "base" | "archive" | "with", string>>> {
  const text = { type: "string" } as const;
  try {
    return parseArgs({ args: words, options: { push: text, tag: text, base: text, archive: text, with: text } }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
