/** Somewhere to go. */
export interface Choice {
  readonly name: string;
  readonly href: string;
  readonly kind: string;
}

const pages: readonly Choice[] = [
  { name: "Batches", href: "/", kind: "page" },
  { name: "Failures", href: "/failures", kind: "page" },
  { name: "Usage", href: "/usage", kind: "page" },
  { name: "Compose a BatchChange", href: "/compose", kind: "page" },
  { name: "Batches that wait for an approval", href: "/?phase=AwaitingApproval", kind: "filter" },
  { name: "Batches that run", href: "/?phase=Running", kind: "filter" },
  { name: "Batches that failed", href: "/?phase=Failed,PartiallySucceeded", kind: "filter" },
];

/** Pages whose name holds every word of the text, then the batches that the server found. */
export function choicesFor(text: string, batches: readonly { readonly namespace: string; readonly name: string }[]): readonly Choice[] {
  const asked = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const fitting = pages.filter(({ name }) => asked.every((word) => name.toLowerCase().includes(word)));
  const found = asked.length === 0 ? [] : batches;
  return [
    ...fitting,
    ...found.map(({ namespace, name }) => ({
      name: `${namespace}/${name}`,
      href: `/batches/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`,
      kind: "batch",
    })),
  ];
}
