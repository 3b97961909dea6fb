import { Link } from "@tanstack/react-router";
import { CommandLine } from "../command/line.tsx";

/** Nobody made one yet, or none that the viewer may see. */
export function NoBatches() {
  return (
    <section className="cb-panel">
      <h2>No batches yet</h2>
      <p>
        There are none in the namespaces that you may see. <Link to="/compose">Compose one</Link>, save it as batch.yaml, and apply it:
      </p>
      <CommandLine title="Make a batch" line="kubectl apply -f batch.yaml" />
      <CommandLine
        title="See which namespaces you may list"
        line="kubectl auth can-i list batchchanges.codybatch.dev --namespace NAMESPACE"
      />
    </section>
  );
}

export function NoneLeft() {
  return (
    <section className="cb-panel">
      <h2>The filters leave nothing</h2>
      <p>
        No batch fits all of them. <Link to="/">Show all batches</Link>
      </p>
    </section>
  );
}
