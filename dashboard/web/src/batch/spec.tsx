import type { BatchDetail } from "@codybatch/dashboard-contract";
import { Copy } from "../text/copy.tsx";
import { LongText } from "../text/long-text.tsx";
import { visible } from "../text/visible.ts";

/** What was asked for. */
export function Spec({ detail: { prompt, promptFrom, spec, labels } }: { readonly detail: BatchDetail }) {
  return (
    <section aria-label="Prompt and spec" className="cb-stack">
      <h2>Prompt</h2>
      {prompt === undefined ? (
        <p>It comes from the ConfigMap {visible(promptFrom ?? "that spec.promptFrom names")}.</p>
      ) : (
        <div className="cb-prose">
          <LongText text={prompt} label="Prompt" />
        </div>
      )}
      {Object.keys(labels).length > 0 && (
        <p className="cb-row">
          Labels
          {Object.entries(labels).map(([key, value]) => (
            <span key={key} className="cb-label">
              {visible(key)}={visible(value)}
            </span>
          ))}
        </p>
      )}
      <div className="cb-row">
        <h2 className="cb-grow">BatchChange</h2>
        <Copy text={spec} what="the YAML" />
      </div>
      <LongText text={spec} most={20_000} label="BatchChange as YAML" />
    </section>
  );
}
