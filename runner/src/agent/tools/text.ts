import { ToolError } from "./tool.ts";
import { quote } from "./confine.ts";

/** A text file's content as the model sees it, and what is needed to write it back unharmed. */
export interface Text {
  /** Without a byte order mark; line endings as in the file. */
  readonly text: string;
  readonly bom: boolean;
  /** Every line ends with CR LF. */
  readonly crlf: boolean;
}

/** Reads bytes as UTF-8 text, or says by name why that would corrupt the file. */
export function decode(bytes: Uint8Array, path: string): Text {
  const refused = notText(bytes);
  if (refused !== undefined) throw new ToolError(`${quote(path)} ${refused}`);
  const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const bom = whole.startsWith("\uFEFF");
  const text = bom ? whole.slice(1) : whole;
  return { text, bom, crlf: isCRLF(text) };
}

/** The bytes of a text in the form of the file that it replaces. */
export function encode(text: string, form: { readonly bom: boolean }): Buffer {
  return Buffer.from(form.bom ? `\uFEFF${text}` : text, "utf8");
}

/** Turns every line ending into CR LF. */
export function withCRLF(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}

/** Turns every line ending into LF. */
export function withLF(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

function isCRLF(text: string): boolean {
  return text.includes("\r\n") && !/(^|[^\r])\n/.test(text);
}

function notText(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return "is UTF-16 text. It cannot be read or edited here; name it in your report if it must change.";
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return "is UTF-16 text. It cannot be read or edited here; name it in your report if it must change.";
  if (bytes.includes(0)) return "is a binary file. It can be moved or deleted, not read or edited.";
  if (!isUTF8(bytes)) return "is not valid UTF-8. Editing it would corrupt it; name it in your report if it must change.";
  return undefined;
}

function isUTF8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
