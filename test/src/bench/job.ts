import { label } from "@codybatch/crds";

/** A Job that a cache of the operator keeps, about so many bytes as JSON. */
export function jobOf(name: string, bytes: number, batch = "batch"): object {
  const labels = { [label.batchChange]: batch, [label.changeset]: "batch-0123456789", [label.role]: "change" };
  const template = {
    metadata: { labels },
    spec: { restartPolicy: "Never", containers: [{ name: "agent", image: "localhost/runner:dev", args: ["agent"] }] },
  };
  const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name, labels }, spec: { backoffLimit: 0, template } };
  const annotations = { padding: "x".repeat(Math.max(0, bytes - JSON.stringify(job).length - 30)) };
  return { ...job, metadata: { ...job.metadata, annotations } };
}
