import { z } from "zod";
import type { KubeObject } from "../object.ts";
import type { Change, Entry } from "./entry.ts";

const Stored = z.object({ metadata: z.object({ name: z.string(), uid: z.string(), resourceVersion: z.string().regex(/^\d+$/) }) });
const Line = z.discriminatedUnion("op", [
  z.object({ op: z.literal("head"), format: z.literal(1), version: z.int() }),
  z.object({ op: z.enum(["load", "put", "delete"]), storage: z.string(), object: Stored }),
]);

/** A line of the journal: where it begins, an object that was there already, or a change. */
export type JournalLine =
  | { readonly op: "head"; readonly version: number }
  | { readonly op: "load" | "put" | "delete"; readonly storage: string; readonly object: KubeObject };

export function headLine(version: number): string {
  return `${JSON.stringify({ op: "head", format: 1, version })}\n`;
}

export function loadLine({ storage, json }: Entry): string {
  return `{"op":"load","storage":"${storage}","object":${json}}\n`;
}

export function lineOf({ type, entry }: Change): string {
  const op = type === "DELETED" ? "delete" : "put";
  return `{"op":"${op}","storage":"${entry.storage}","object":${entry.json}}\n`;
}

/** The meaning of a line, or undefined when it is damaged. */
export function readLine(text: string): JournalLine | undefined {
  try {
    const value: { readonly object: KubeObject } = JSON.parse(text);
    const line = Line.parse(value);
    return line.op === "head" ? line : { ...line, object: value.object };
  } catch {
    return undefined;
  }
}
