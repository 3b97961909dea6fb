import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { parse } from "yaml";

const folder = join(import.meta.dirname, "../../../docs/examples");

interface ExampleSpec {
  readonly repositories: readonly object[];
  readonly publish?: { readonly allowPaths?: readonly string[] };
}

/** A BatchChange of docs/examples, as it is written. */
export interface Example {
  readonly file: string;
  /** Of the file; the object has the same. */
  readonly name: string;
  readonly manifest: { readonly metadata: { readonly name: string }; readonly spec: ExampleSpec };
}

/** All examples, by name. */
export async function examples(): Promise<readonly Example[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).toSorted();
  return Promise.all(names.map((name) => readExample(join(folder, name))));
}

/** What an administrator has to allow before these can be applied; the default limits allow all the rest. */
export function demandedPaths(all: readonly Example[]): readonly string[] {
  return all.flatMap(({ manifest }) => manifest.spec.publish?.allowPaths ?? []);
}

async function readExample(file: string): Promise<Example> {
  return { file, name: basename(file, ".yaml"), manifest: parse(await readFile(file, "utf8")) as Example["manifest"] };
}
