import { useState } from "react";
import { visible } from "./visible.ts";

const step = 200_000;

/** Hostile text as written, cut at `most` characters until more is asked for. */
export function LongText({ text, most = 4000, label }: { readonly text: string; readonly most?: number; readonly label: string }) {
  const [end, setEnd] = useState(most);
  const rest = text.length - end;
  return (
    <div className="cb-long">
      <pre tabIndex={0} role="region" aria-label={label}>
        {visible(text.slice(0, end))}
        {rest > 0 ? "…" : ""}
      </pre>
      {rest > 0 && (
        <button type="button" className="cb-plain" onClick={() => setEnd((shown) => Math.max(shown, 0) + step)}>
          Show more ({rest.toLocaleString("en-US")} characters left)
        </button>
      )}
    </div>
  );
}
