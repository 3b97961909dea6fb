import type { AdminLimits } from "@codybatch/dashboard-contract";
import { CommandLine } from "../command/line.tsx";
import { counted } from "../money/format.ts";
import { Copy } from "../text/copy.tsx";
import { download } from "../text/download.ts";
import { visible } from "../text/visible.ts";
import { applyLine } from "./apply-line.ts";
import { estimateOf } from "./estimate.ts";
import type { Fault } from "./faults.ts";
import { Limits } from "./limits.tsx";
import { type Manifest, yamlOf } from "./manifest.ts";

interface OutcomeProps {
  readonly manifest: Manifest;
  readonly faults: readonly Fault[];
  readonly limits: AdminLimits | undefined;
}

/** What the form comes to: faults, cost, YAML and the line that applies it. */
export function Outcome({ manifest, faults, limits }: OutcomeProps) {
  const yaml = yamlOf(manifest);
  const { file, line } = applyLine(manifest);
  return (
    <aside aria-label="Outcome" className="cb-outcome cb-stack">
      <FaultList faults={faults} />
      <Cost spec={manifest["spec"]} />
      <div className="cb-row">
        <h2 className="cb-grow">YAML</h2>
        <Copy text={yaml} what="the YAML" />
        <button type="button" className="cb-button" onClick={() => download(file, "application/yaml", yaml)}>
          Download {file}
        </button>
      </div>
      <pre tabIndex={0} role="region" aria-label="YAML" className="cb-yaml">
        {visible(yaml)}
      </pre>
      {faults.length === 0 && <CommandLine title="Apply the downloaded file" line={line} />}
      {limits !== undefined && <Limits limits={limits} />}
    </aside>
  );
}

function FaultList({ faults }: { readonly faults: readonly Fault[] }) {
  if (faults.length === 0) {
    return (
      <p role="status" className="cb-note">
        Nothing is wrong with it, as far as schema and limits go.
      </p>
    );
  }
  return (
    <details className="cb-note cb-note-warn" open={faults.length <= 5}>
      <summary>{counted(faults.length, "field")} to mend</summary>
      <ul>
        {faults.map(({ path, message }) => (
          <li key={`${path}${message}`} className="cb-break">
            <code>{path}</code>: {message}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Cost({ spec }: { readonly spec: unknown }) {
  const estimate = estimateOf(spec);
  if (estimate === undefined) return <p className="cb-dim">What it can cost is said once the fields are right.</p>;
  const { repositories, perAttemptUSD, mostUSD, isBudget, rounds } = estimate;
  return (
    <p>
      <strong>At most ${mostUSD}</strong>
      {isBudget ? ", the budget" : ""}: {counted(repositories, "repository", "repositories")}, each attempt at most ${perAttemptUSD}, in{" "}
      {counted(rounds, "round")}. What is not used is not charged.
    </p>
  );
}
