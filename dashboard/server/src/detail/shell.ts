/** A text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9_./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A merge patch by kubectl. */
export function patchLine(namespace: string, kind: "bc" | "cset", name: string, spec: object): string {
  return `kubectl -n ${quoted(namespace)} patch ${kind} ${quoted(name)} --type merge -p ${quoted(JSON.stringify({ spec }))}`;
}
