import { readFileSync, writeFileSync } from "node:fs";
import type { Measurement } from "./figure.ts";

/** When and where the figures were taken. */
export interface Taken {
  /** `2026-01-31`. */
  readonly date: string;
  readonly machine: string;
  /** One-minute load before and after. */
  readonly load: string;
}

const end = "<!-- end of the figures -->";

/** The measurements as Markdown. */
export function figuresText(measurements: readonly Measurement[], { date, machine, load }: Taken): string {
  const tables = measurements.map(({ title, figures }) =>
    [`### ${title}`, "", "| what | figure |", "| --- | --- |", ...figures.map(({ what, value }) => `| ${what} | ${value} |`)].join("\n"),
  );
  return [`Taken on ${date}: ${machine}; load ${load}.`, ...tables].join("\n\n");
}

/** Puts them in place of the last ones of this command. Throws when the document has no place for them. */
export function writeFigures(path: string, command: string, text: string): void {
  const begin = `<!-- figures of ${command} -->`;
  const document = readFileSync(path, "utf8");
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`${path} lacks the lines ${begin} and ${end}`);
  writeFileSync(path, `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`);
}
