import { CommandError, run } from "./command.ts";

/** Programs that build images, in the order in which they are looked for. */
export const builders = ["docker", "podman", "buildah"] as const;
export type Builder = (typeof builders)[number];

export class NoBuilderError extends Error {}

/** The first builder that works, or the wanted one. Throws NoBuilderError with what each one said. */
export async function findBuilder(wanted: Builder | undefined): Promise<Builder> {
  const complaints: string[] = [];
  for (const builder of wanted === undefined ? builders : [wanted]) {
    const complaint = await complaintOf(builder);
    if (complaint === undefined) return builder;
    complaints.push(`  ${builder}: ${complaint}`);
  }
  const advice = "Install Docker, Podman or Buildah (Debian: apt-get install buildah), or start Docker's engine.";
  throw new NoBuilderError(["nothing here can build an image:", ...complaints, advice].join("\n"));
}

/** Why a builder cannot be used: often Docker's client is there without its engine. */
async function complaintOf(builder: Builder): Promise<string | undefined> {
  try {
    await run(builder, "info");
    return undefined;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const lines = error.output.split("\n").filter((line) => line.trim() !== "");
    return error.output.includes("ENOENT") ? "not found on the PATH" : lines.at(-1);
  }
}

/** The words that build a Dockerfile in a folder, layers kept for the next time. */
export function buildCommand(builder: Builder): readonly string[] {
  return builder === "buildah" ? ["bud", "--layers"] : ["build"];
}

/** The words that write an image as a docker archive, which `ctr`, `docker load` and `kind load image-archive` read. */
export function archiveCommand(builder: Builder, name: string, file: string): readonly string[] {
  if (builder === "docker") return ["save", "--output", file, name];
  if (builder === "podman") return ["save", "--format", "docker-archive", "--output", file, name];
  return ["push", "--quiet", name, `docker-archive:${file}:${name}`];
}
