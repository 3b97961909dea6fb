import { useClipboard } from "@mantine/hooks";

/** Copies a text and says so, to a screen reader, too. */
export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const { copy, copied, error } = useClipboard();
  return (
    <button type="button" className="cb-plain cb-copy" onClick={() => copy(text)} aria-label={`Copy ${what}`}>
      <span aria-live="polite">{error === null ? (copied ? "Copied" : "Copy") : "Could not copy"}</span>
    </button>
  );
}
