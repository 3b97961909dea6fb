import { cutLine, linesOf } from "../../agent/tools/lines.ts";
import { visible } from "../../publish/text/visible.ts";

// oxlint-disable-next-line no-control-regex -- what a terminal would obey
const terminalCodes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
/** GitHub Actions puts the time before each line. */
const timeStamp = /^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]{8,20}Z ?/;
/** What GitHub Actions marks as an error; clean-up follows it. */
const errorMark = "##[error]";
const linesAfterError = 5;

export interface Most {
  readonly lines: number;
  readonly bytes: number;
}

/** The end of a log as plain lines: those up to its last error, where it marks any. */
export function tailOf(log: Uint8Array, most: Most): string {
  const lines = linesOf(new TextDecoder().decode(log));
  const error = lines.findLastIndex((line) => line.includes(errorMark));
  const end = error === -1 ? lines.length : error + 1 + linesAfterError;
  return fitting(lines.slice(0, end).slice(-most.lines).map(plainLine), most.bytes);
}

/** One line as it would be read, with nothing in it that acts. */
function plainLine(line: string): string {
  const bare = line.replace(/\r+$/, "").replaceAll(terminalCodes, "");
  // What was written over is not seen.
  return cutLine(visible(bare.slice(bare.lastIndexOf("\r") + 1)).replace(timeStamp, "")).trimEnd();
}

/** The last whole lines that fit. */
function fitting(lines: readonly string[], bytes: number): string {
  let left = bytes;
  const first = lines.findLastIndex((line) => {
    left -= Buffer.byteLength(line) + 1;
    return left < 0;
  });
  return lines.slice(first + 1).join("\n");
}

/** The first lines of a text of a check, as plain ones. */
export function headOf(text: string, most: Most): string {
  const lines = linesOf(text).slice(0, most.lines).map(plainLine);
  let left = most.bytes;
  const end = lines.findIndex((line) => {
    left -= Buffer.byteLength(line) + 1;
    return left < 0;
  });
  return (end === -1 ? lines : lines.slice(0, end)).join("\n").trim();
}

/** A name or a short text on one line. */
export function oneLine(text: string, most: number): string {
  const line = plainLine(text.replaceAll(/[\r\n]+/g, " ")).trim();
  return line.length <= most ? line : `${line.slice(0, most)}…`;
}
