/** A part of a message, as the page shows it. What it does not know is kept as JSON. */
export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "thinking"; readonly text: string }
  | { readonly kind: "call"; readonly id: string; readonly name: string; readonly input: string; readonly paths: readonly string[] }
  | { readonly kind: "result"; readonly id: string; readonly text: string; readonly isError: boolean }
  | { readonly kind: "other"; readonly text: string };

type Fields = Readonly<Record<string, unknown>>;

const known = new WeakMap<readonly unknown[], readonly Block[]>();

/** Message blocks as they went over the API: foreign, so nothing about them is taken for granted. Made once for each message, since a story that grows is told over and over. */
export function blocksOf(content: readonly unknown[]): readonly Block[] {
  const blocks = known.get(content) ?? content.map(blockOf);
  known.set(content, blocks);
  return blocks;
}

function blockOf(raw: unknown): Block {
  if (typeof raw === "string") return { kind: "text", text: raw };
  if (!isFields(raw)) return { kind: "other", text: JSON.stringify(raw) ?? "" };
  switch (raw["type"]) {
    case "text":
      return { kind: "text", text: textOf(raw["text"]) };
    case "thinking":
      return { kind: "thinking", text: textOf(raw["thinking"]) };
    case "tool_use":
      return { kind: "call", id: textOf(raw["id"]), name: textOf(raw["name"]), input: pretty(raw["input"]), paths: pathsOf(raw["input"]) };
    case "tool_result":
      return { kind: "result", id: textOf(raw["tool_use_id"]), text: textOf(raw["content"]), isError: raw["is_error"] === true };
    default:
      return { kind: "other", text: pretty(raw) };
  }
}

function isFields(raw: unknown): raw is Fields {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

function textOf(raw: unknown): string {
  if (typeof raw === "string") return raw;
  if (raw === undefined) return "";
  if (!Array.isArray(raw)) return pretty(raw);
  return raw.map((part: unknown) => (isFields(part) && typeof part["text"] === "string" ? part["text"] : pretty(part))).join("\n");
}

function pretty(raw: unknown): string {
  return JSON.stringify(raw, undefined, 2) ?? "";
}

/** Paths that a call names, for a story to tell. */
function pathsOf(input: unknown): readonly string[] {
  if (!isFields(input)) return [];
  return ["path", "to"].flatMap((key) => (typeof input[key] === "string" ? [input[key]] : []));
}
