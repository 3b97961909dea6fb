import { readForeign } from "../../out/index.ts";

const mostBytes = 8 * 1024 * 1024;

/** What git's client was told over HTTP last; git itself keeps the headers to itself. */
export interface LastAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads the file that GIT_TRACE_CURL names; git leaves credentials out of it. */
export async function lastAnswer(path: string): Promise<LastAnswer | undefined> {
  const text = (await readForeign(path, mostBytes).catch(() => undefined))?.toString("latin1") ?? "";
  const lines = text.split("\n").flatMap((line) => /<= Recv header: (.*?)\r?$/.exec(line)?.[1] ?? []);
  const start = lines.findLastIndex((line) => /^HTTP\/[\d.]+ \d{3}/.test(line));
  const status = Number(/^HTTP\/[\d.]+ (\d{3})/.exec(lines[start] ?? "")?.[1]);
  if (!Number.isInteger(status)) return undefined;
  const fields = lines.slice(start + 1).map((line) => /^([^:]+):\s*(.*)$/.exec(line));
  return {
    status,
    headers: Object.fromEntries(fields.flatMap((field) => (field === null ? [] : [[(field[1] ?? "").toLowerCase(), field[2] ?? ""]]))),
  };
}
