import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildImages } from "./build.ts";
import { findBuilder, NoBuilderError } from "./builder.ts";
import { CommandError } from "./command.ts";
import { type Options, readOptions, usage, UsageError } from "./options.ts";
import { nextStep } from "./next-step.ts";
import { root } from "./program.ts";

async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const found: unknown = typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, "version") : undefined;
  if (typeof found !== "string") throw new Error("package.json has no version");
  return found;
}

async function makeImages({ registry, tag, base, archive, builder }: Options): Promise<void> {
  const images = await buildImages({
    builder: await findBuilder(builder),
    tag,
    version: await version(),
    base,
    prefix: registry,
    push: registry !== undefined,
    archive: archive === undefined ? undefined : resolve(archive),
    context: root,
    say: (line) => console.error(line),
  });
  console.log(nextStep(images, registry !== undefined));
}

async function main(words: string[]): Promise<number> {
  if (words.includes("--help")) {
    console.log(usage);
    return 0;
  }
  try {
    await makeImages(readOptions(words, await version()));
    return 0;
  } catch (error) {
    console.error(explain(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  if (error instanceof NoBuilderError) return error.message;
  if (error instanceof CommandError) return `${error.output}\n\n${error.message}; what it said is above. ${adviceOn(error)}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function adviceOn({ message }: CommandError): string {
  if (message.includes(" push ")) return "Is the registry's name right, and is the builder logged in there?";
  return "Can the base image and Debian's packages be reached? --base takes a mirror's image.";
}

process.exitCode = await main(process.argv.slice(2));
