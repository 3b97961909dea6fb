import { escapeHidden } from "../../agent/gate/hidden.ts";

// oxlint-disable-next-line no-control-regex -- they are what is taken out
const controls = /[\u0000-\u0008\u000b-\u001f]/g;

/** The text with LF ends of lines and no control or hidden character left as such. */
export function visible(text: string): string {
  return escapeHidden(text.toWellFormed().replaceAll(/\r\n?/g, "\n").replaceAll(controls, " "));
}

/** Whole lines of the text, at most so many UTF-16 units: a code span that is cut open would set free what is in it. */
export function cutLines(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, Math.max(0, text.lastIndexOf("\n", most))).trimEnd();
}

/** At most so many UTF-16 units, cut between characters. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
