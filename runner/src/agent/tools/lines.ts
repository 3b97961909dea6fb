/** Longest line shown, in characters. */
const longestLine = 2000;

/** The lines of a text without their endings; a newline at the end makes no further line. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** `   12\ttext`, as read_file shows it. Lines are counted from 1. */
export function numbered(lines: readonly string[], first: number): string {
  return lines.map((line, index) => `${String(first + index).padStart(6)}\t${cutLine(line)}`).join("\n");
}

export function cutLine(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)} [line cut, ${line.length} characters]`;
}

/** Keeps head and tail of a long text and says what is missing and how to get it. */
export function headAndTail(text: string, most: number, advice: string): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)}\n[${text.length - 2 * half} characters left out. ${advice}]\n${text.slice(-half)}`;
}
