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
        <LongText text={prompt} label="Prompt" />
      )}
      {Object.keys(labels).length > 0 && (
        <p className="cb-row">
          {Object.entries(labels).map(([key, value]) => (
            <span key={key} className="cb-chip">
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
