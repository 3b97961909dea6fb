import { apiVersion } from "@codybatch/crds/browser";
import { parseDocument, stringify } from "yaml";
import { isFields } from "./path.ts";

export type Manifest = Readonly<Record<string, unknown>>;

export const emptyManifest: Manifest = {
  apiVersion,
  kind: "BatchChange",
  metadata: { name: "" },
  spec: { prompt: "", repositories: [{ url: "" }] },
};

/** Without what is empty, as a person would write it. */
export function yamlOf(manifest: Manifest): string {
  return stringify(manifest, { lineWidth: 0, blockQuote: "literal" });
}

export type Opened = { readonly ok: true; readonly manifest: Manifest } | { readonly ok: false; readonly message: string };

const most = 1_000_000;

/** A BatchChange from a text. What the API server adds is left out: it can be applied again. */
export function open(text: string): Opened {
  if (text.length > most) return { ok: false, message: "The file is longer than a megabyte: that is no BatchChange." };
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) return { ok: false, message: `This is no YAML: ${fault.message.split("\n")[0] ?? ""}` };
  const content: unknown = document.toJS({ maxAliasCount: 20 });
  if (!isFields(content)) return { ok: false, message: "This is YAML, but no object. A BatchChange begins with apiVersion and kind." };
  if (content["kind"] !== "BatchChange") {
    return { ok: false, message: `Its kind is ${JSON.stringify(content["kind"] ?? "")}: only a BatchChange can be opened.` };
  }
  const { status: _status, metadata, ...rest } = content;
  const { apiVersion: version, kind, ...others } = rest;
  return { ok: true, manifest: { apiVersion: version, kind, metadata: ownMetadata(metadata), ...others } };
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function ownMetadata(metadata: unknown): Manifest {
  if (!isFields(metadata)) return { name: "" };
  const { name, namespace, labels, annotations } = metadata;
  const own = isFields(annotations) ? Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== lastApplied)) : {};
  return {
    name: name ?? "",
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    ...(Object.keys(own).length === 0 ? {} : { annotations: own }),
  };
}
