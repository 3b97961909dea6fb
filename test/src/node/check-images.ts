import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveCommand, buildCommand } from "../../../scripts/images/builder.ts";
import { run } from "../../../scripts/images/command.ts";
import { testImages } from "../images/images.ts";
import { inState, type NodeCluster } from "./cluster.ts";

/** As many images are: made for root, who alone may enter its place of work, and with a program that is no shell. */
const forRoot = 'USER 0\nWORKDIR /root\nENV HOME=/root\nENTRYPOINT ["node"]\n';

/** Images of users in which checks run, as the node knows them. */
export interface CheckImages {
  /** One static program under many names: `sh`, no bash, no Node. */
  readonly busybox: string;
  readonly debian: string;
  readonly root: string;
  /** Holds no program at all. */
  readonly empty: string;
}

/** Builds them on what the images of the tests are built on, and brings them to the node. */
export async function loadCheckImages(cluster: NodeCluster): Promise<CheckImages> {
  const { base } = await testImages();
  const debian = await loadImage(cluster, "debian", `FROM ${base}\n`);
  const root = await loadImage(cluster, "root", `FROM ${base}\n${forRoot}`);
  const empty = await loadImage(cluster, "empty", "FROM scratch\nCOPY Dockerfile /\n");
  // The recipe's own.
  return { busybox: "localhost/busybox:1", debian, root, empty };
}

async function loadImage(cluster: NodeCluster, name: string, dockerfile: string): Promise<string> {
  const image = `localhost/codybatch-checks-${name}:1`;
  const folder = await mkdtemp(join(tmpdir(), "codybatch-checks-"));
  try {
    await writeFile(join(folder, "Dockerfile"), dockerfile);
    await run("buildah", ...buildCommand("buildah"), "--tag", image, "--file", join(folder, "Dockerfile"), folder);
    await run("buildah", ...archiveCommand("buildah", image, join(folder, "image.tar")));
    await inState(cluster.state, "load-image", join(folder, "image.tar"));
    return image;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
