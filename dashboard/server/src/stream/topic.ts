/** What a topic of the contract asks for. */
export type Topic =
  | { readonly name: string; readonly kind: "batches"; readonly namespace: string | undefined }
  | { readonly name: string; readonly kind: "batch"; readonly namespace: string; readonly batch: string }
  | { readonly name: string; readonly kind: "repository"; readonly namespace: string; readonly changeset: string };

/** Of a topic that has passed the contract's form. */
export function topicOf(name: string): Topic {
  const [kind, place = ""] = name.split(":");
  const [namespace = "", object = ""] = place.split("/");
  if (kind === "batch") return { name, kind, namespace, batch: object };
  if (kind === "repository") return { name, kind, namespace, changeset: object };
  return { name, kind: "batches", namespace: namespace === "" ? undefined : namespace };
}
