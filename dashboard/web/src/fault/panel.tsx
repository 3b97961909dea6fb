import { CommandLine } from "../command/line.tsx";
import { visible } from "../text/visible.ts";
import { wordsFor } from "./words.ts";

/** Instead of what could not be had: what is wrong and what to do. */
export function FaultPanel({ error, onAgain }: { readonly error: unknown; readonly onAgain?: (() => void) | undefined }) {
  const { title, text, command, again } = wordsFor(error);
  return (
    <section className="cb-panel cb-fault" role="alert">
      <h2>{title}</h2>
      <p>{visible(text)}</p>
      {command !== undefined && <CommandLine {...command} />}
      {again && onAgain !== undefined && (
        <button type="button" className="cb-button" onClick={onAgain}>
          Try again
        </button>
      )}
    </section>
  );
}
