import { readFileSync } from "node:fs";
import { validate } from "@codybatch/crds";
import { parseAllDocuments } from "yaml";
import { z } from "zod";

const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.enum(["BatchChange", "ConfigMap"]),
  metadata: z.looseObject({ name: z.string().min(1), namespace: z.string().min(1).default("default") }),
});
/** An object to apply, as the user wrote it. */
export type Manifest = z.infer<typeof Manifest>;

/** The input cannot be used; the message names the file or object, the field and the remedy. */
export class Refused extends Error {}

/** Reads BatchChanges, and ConfigMaps for promptFrom, from a YAML file. Throws {@link Refused}. */
export function readManifests(file: string): readonly Manifest[] {
  const manifests = parseAllDocuments(readText(file)).flatMap((document, index) => {
    if (document.errors[0] !== undefined) throw new Refused(`${file}: ${document.errors[0].message}`);
    const content: unknown = document.toJS();
    return content === null ? [] : [parse(content, `${file}, document ${index + 1}`)];
  });
  if (manifests.some(({ kind }) => kind === "BatchChange")) return manifests;
  throw new Refused(`${file} has no BatchChange; write one with apiVersion codybatch.dev/v1alpha1 and kind BatchChange`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Refused(`cannot read ${file}; give --file a YAML file with a BatchChange`, { cause });
  }
}

function parse(content: unknown, where: string): Manifest {
  const parsed = Manifest.safeParse(content);
  if (!parsed.success) {
    throw new Refused(
      `${where}: ${parsed.error.issues.map((issue) => `${issue.path.join(".") || "document"}: ${issue.message}`).join("; ")}`,
    );
  }
  refuseFaults(parsed.data, where);
  return parsed.data;
}

/** Says everything that the server would refuse, misspelt fields included, before anything is started. */
function refuseFaults(manifest: Manifest, where: string): void {
  if (manifest.kind !== "BatchChange") return;
  const checked = validate("BatchChange", manifest);
  if (checked.ok) return;
  const lines = checked.errors.map(({ path, rule, message }) => (rule === "unknown field" ? `  ${message}` : `  ${path}: ${message}`));
  throw new Refused([`${where}: BatchChange ${manifest.metadata.name} is refused:`, ...lines].join("\n"));
}
