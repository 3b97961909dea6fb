import { Textarea } from "@mantine/core";
import { useState } from "react";
import { type Manifest, open } from "./manifest.ts";

/** Takes a BatchChange that exists, from a file or pasted. */
export function OpenFile({ onOpen }: { readonly onOpen: (manifest: Manifest) => void }) {
  const [text, setText] = useState("");
  const [message, setMessage] = useState<string>();
  const take = (content: string): void => {
    const opened = open(content);
    setMessage(opened.ok ? undefined : opened.message);
    if (opened.ok) onOpen(opened.manifest);
  };
  return (
    <details className="cb-commands">
      <summary>Open an existing BatchChange</summary>
      <div className="cb-stack">
        <label>
          File{" "}
          <input
            type="file"
            accept=".yaml,.yml,.json"
            onChange={({ currentTarget: { files } }) => {
              void files?.[0]?.text().then(take);
            }}
          />
        </label>
        <Textarea label="Or paste its YAML" rows={5} value={text} onChange={({ currentTarget }) => setText(currentTarget.value)} />
        {message !== undefined && (
          <p role="alert" className="cb-bad">
            {message}
          </p>
        )}
        <button type="button" className="cb-button" disabled={text.trim() === ""} onClick={() => take(text)}>
          Open
        </button>
      </div>
    </details>
  );
}
