import { createHash } from "node:crypto";

/** Key of parts that hold foreign text, made from the very texts, so that none of them can hold it and end its own part. */
export function dataKey(texts: unknown): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16);
}

/** A part that is named as data. */
export function dataPart(name: string, key: string, text: string): string {
  return `<data name="${name}" key="${key}">\n${text}\n</data key="${key}">`;
}
