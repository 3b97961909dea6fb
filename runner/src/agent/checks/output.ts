import { escapeHidden } from "../gate/hidden.ts";

// CSI, OSC and two-character escapes of terminals: colours and cursor moves, which say nothing in a file.
// oxlint-disable-next-line no-control-regex
const terminal = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** What a command wrote, as plain text: no terminal codes, no characters that hide or reorder, lines ended by LF. */
export function readable(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replace(terminal, "").replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  return escapeHidden(text.replace(control, ""));
}
