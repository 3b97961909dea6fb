import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { parse } from "yaml";

const folder = join(import.meta.dirname, "../../../docs/examples");

interface ExampleSpec {
  readonly repositories: readonly object[];
  readonly publish?: { readonly allowPaths?: readonly string[] };
  readonly toolbox?: { readonly image: string };
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

/** The limits that an administrator has to widen before these can be applied; the default limits allow all the rest. */
export function demandedLimits(all: readonly Example[]) {
  const specs = all.map(({ manifest }) => manifest.spec);
  return {
    allowPaths: specs.flatMap(({ publish }) => publish?.allowPaths ?? []),
    toolboxImages: specs.flatMap(({ toolbox }) => (toolbox === undefined ? [] : [toolbox.image])),
  };
}

async function readExample(file: string): Promise<Example> {
  return { file, name: basename(file, ".yaml"), manifest: parse(await readFile(file, "utf8")) as Example["manifest"] };
}
