import { Copy } from "../text/copy.tsx";
import { visible } from "../text/visible.ts";

/** A kubectl line that can be copied. The dashboard itself changes nothing. */
export function CommandLine({ title, line }: { readonly title: string; readonly line: string }) {
  return (
    <div className="cb-command">
      <span className="cb-command-title">{visible(title)}</span>
      <code tabIndex={0}>{visible(line)}</code>
      <Copy text={line} what={`the command: ${title}`} />
    </div>
  );
}

interface Command {
  readonly title: string;
  readonly line: string;
}

interface CommandsProps {
  readonly commands: readonly Command[];
  /** What the operator says to it, commands included. */
  readonly message?: string | undefined;
}

/** What can be done next, with kubectl. */
export function Commands({ commands, message }: CommandsProps) {
  if (commands.length === 0) return undefined;
  return (
    <details className="cb-commands">
      <summary>Next steps with kubectl</summary>
      {message !== undefined && <p className="cb-dim cb-break">{visible(message)}</p>}
      {commands.map(({ title, line }) => (
        <CommandLine key={line} title={title} line={line} />
      ))}
    </details>
  );
}
