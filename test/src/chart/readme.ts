import { isMap, isPair, isScalar, parseDocument, type YAMLMap } from "yaml";
import { z } from "zod";
import { Values } from "./values.ts";

interface Form {
  readonly description?: string | undefined;
  readonly properties?: Readonly<Record<string, Form>> | undefined;
}
const Form: z.ZodType<Form> = z.lazy(() =>
  z.object({ description: z.string().optional(), properties: z.record(z.string(), Form).optional() }),
);

/** A value of the chart, or a group of values, which has no default of its own. */
interface Row {
  readonly path: string;
  readonly fallback: string;
  readonly words: string;
}

/** The chart's README: what `values.yaml` says of each value in a comment, or else what its schema says. */
export function readmeOf(valuesText: string): string {
  const { contents } = parseDocument(valuesText);
  if (!isMap(contents)) throw new Error("values.yaml is not a map");
  const form = Form.parse(z.toJSONSchema(Values, { target: "draft-7", io: "input" }));
  const rows = rowsOf(form, contents, "").map(({ path, fallback, words }) => `| \`${path}\` | ${fallback} | ${words} |`);
  return `${introduction}\n${rows.join("\n")}\n`;
}

function rowsOf({ properties = {} }: Form, map: YAMLMap, above: string): readonly Row[] {
  return Object.entries(properties)
    .filter(([name]) => name !== "global")
    .flatMap(([name, form]) => {
      const path = `${above}${name}`;
      const pair = map.items.find(({ key }) => isScalar(key) && key.value === name);
      const node = isPair(pair) ? pair.value : undefined;
      const words = cell(commentOf(pair?.key, map, name) || form.description || "");
      const isGroup = form.properties !== undefined && !("requests" in form.properties);
      if (!isGroup || !isMap(node)) return [{ path, words, fallback: cell(defaultOf(node)) }];
      return [...(words === "" ? [] : [{ path, words, fallback: "" }]), ...rowsOf(form, node, `${path}.`)];
    });
}

/** The comment above a key; the parser gives the first key's to its map. */
function commentOf(key: unknown, map: YAMLMap, name: string): string {
  const [first] = map.items;
  const isFirst = isScalar(first?.key) && first.key.value === name;
  const own = isScalar(key) ? key.commentBefore : undefined;
  return (own ?? (isFirst ? map.commentBefore : undefined) ?? "").replaceAll(/\s*\n\s*/g, " ").trim();
}

function defaultOf(node: unknown): string {
  if (isScalar(node)) return node.value === "" ? "" : `\`${String(node.value)}\``;
  return isMap(node) || node !== undefined ? `\`${JSON.stringify(node)}\`` : "";
}

/** Bars would end the cell, and stars outside of code would be emphasis. */
function cell(text: string): string {
  const parts = text.replaceAll("|", "\\|").split("`");
  return parts.map((part, index) => (index % 2 === 0 ? part.replaceAll("*", "\\*").replaceAll("<", "&lt;") : part)).join("`");
}

const introduction = `# cody-batch

Operator and dashboard of Cody Batch with all that they need: CRDs, exact rights with none on Secrets, admission policies, NetworkPolicies, roles for users, monitoring.

- [Install](../../docs/guide/install.md) for namespaces, for the cluster, or in two parts for a team without an administrator's rights
- [Dashboard](../../docs/guide/dashboard.md): who may come in, and how
- [Credentials](../../docs/guide/credentials.md), [roles](../../docs/guide/roles.md), [limits](../../docs/guide/limits.md)
- [Upgrade, uninstall, delete](../../docs/guide/upgrade.md)

\`operator.image\` and \`runner.image\` must be set; everything else has a default. The table is generated from \`values.yaml\`.

| value | default | |
|---|---|---|`;
