import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bare } from "./bare.ts";
import { run } from "./command.ts";

/** An environment in which git sees pushed objects that the repository has not taken yet. */
export type Seeing = Readonly<Record<string, string>>;

/** Lays the objects of a push beside the repository for as long as the look at them takes. */
export async function withObjects<T>(bare: Bare, pack: Buffer, look: (env: Seeing) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(bare.dir, "incoming-"));
  try {
    await mkdir(join(folder, "pack"));
    const env = { GIT_OBJECT_DIRECTORY: folder, GIT_ALTERNATE_OBJECT_DIRECTORIES: join(bare.dir, "objects") };
    // A broken pack is refused by git itself, in its own words.
    if (pack.length > 0) await run(bare.dir, ["index-pack", "--stdin", "--fix-thin"], { env, input: pack });
    return await look(env);
  } finally {
    await rm(folder, { recursive: true });
  }
}
