interface Call {
  readonly name: string;
  readonly input: object;
}

/** One answer of the stand-in, as its scenarios write it. */
export interface Turn {
  readonly say?: string;
  readonly tools?: readonly Call[];
  readonly delayMs?: number;
}

interface When {
  readonly repository?: string;
  readonly promptContains?: string;
}

/** What the stand-in says in the repositories that fit; the last turn is repeated. */
export function scenario(name: string, when: When, ...turns: readonly Turn[]): object {
  return { name, when, turns };
}

export function reads(path: string): Turn {
  return { tools: [{ name: "read_file", input: { path } }] };
}

export function writes(path: string, content: string): Turn {
  return { tools: [{ name: "write_file", input: { path, content } }] };
}

/** The file must have been read before. */
export function edits(path: string, oldText: string, newText: string): Turn {
  return { tools: [{ name: "edit_file", input: { path, old_text: oldText, new_text: newText } }] };
}

/** Ends the conversation; a report of a change is asked for twice. */
export function reports(wereChangesNecessary: boolean, summary: string): Turn {
  return { tools: [{ name: "report_result", input: { wereChangesNecessary, summary, explanation: "As asked." } }] };
}

/** What a second opinion comes to. */
export function judges(approved: boolean, ...reasons: readonly string[]): Turn {
  return { tools: [{ name: "give_verdict", input: { approved, reasons } }] };
}

/** Writes one new file and reports it: three turns. */
export function changes(path = "NEW.md", content = "new\n"): readonly Turn[] {
  return [writes(path, content), reports(true, `Add ${path}`)];
}
