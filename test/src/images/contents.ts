import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { command } from "../process/command.ts";
import { must } from "../cluster/control-plane.ts";

const Manifest = z.tuple([z.object({ Config: z.string(), Layers: z.array(z.string()) })]);
const Config = z.object({
  config: z.object({
    User: z.string().optional(),
    Env: z.array(z.string()),
    Entrypoint: z.array(z.string()).optional(),
    Labels: z.record(z.string(), z.string()).optional(),
  }),
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
});

/** What a docker archive holds above the layers of its base. */
export interface Contents {
  readonly config: z.infer<typeof Config>["config"];
  /** Bytes that a registry keeps and a node fetches for these layers. */
  readonly compressed: number;
  /** Paths of files, links and whiteouts, without folders. */
  readonly files: readonly string[];
}

/** Reads an archive; throws when it is not built on the given base, an image in Buildah's storage. */
export async function contentsOf(archive: string, base: string): Promise<Contents> {
  const folder = await mkdtemp(join(tmpdir(), "codybatch-contents-"));
  try {
    must(await command("tar", ["-xf", archive, "-C", folder]));
    const [{ Config: configFile, Layers }] = Manifest.parse(JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")));
    const { config, rootfs } = Config.parse(JSON.parse(await readFile(join(folder, configFile), "utf8")));
    const below = await layersOf(base);
    if (below.some((layer, index) => rootfs.diff_ids[index] !== layer)) throw new Error(`${archive} is not built on ${base}`);
    const above = Layers.slice(below.length).map((layer) => join(folder, layer));
    const sizes = await Promise.all(above.map(async (layer) => gzipSync(await readFile(layer)).length));
    const files = await Promise.all(above.map(filesIn));
    return { config, compressed: sizes.reduce((sum, size) => sum + size, 0), files: files.flat().toSorted() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function filesIn(layer: string): Promise<readonly string[]> {
  return must(await command("tar", ["-tf", layer]))
    .split("\n")
    .filter((path) => path !== "" && !path.endsWith("/"));
}

/** Digests of an image's uncompressed layers, the lowest first. */
export async function layersOf(image: string): Promise<readonly string[]> {
  const { OCIv1 } = z
    .object({ OCIv1: Config.pick({ rootfs: true }) })
    .parse(JSON.parse(must(await command("buildah", ["inspect", "--type", "image", image]))));
  return OCIv1.rootfs.diff_ids;
}
