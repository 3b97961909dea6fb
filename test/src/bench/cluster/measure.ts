import type { Effort, Figure, Measurement } from "../figure.ts";
import { measureApply } from "./apply.ts";
import { measureFirstJob } from "./latency.ts";
import { Plane } from "./plane.ts";
import { measureWrites } from "./writes.ts";

const efforts = {
  quick: { pace: { count: 2, idleMs: 100 }, repositories: 2, size: { batches: 2, repositories: 10 }, rounds: 2 },
  whole: { pace: { count: 30, idleMs: 2500 }, repositories: 20, size: { batches: 10, repositories: 100 }, rounds: 3 },
};

type Part = (plane: Plane, effort: typeof efforts.whole) => Promise<readonly Figure[]>;

/** In this order, the emptier the server the earlier. */
const parts: Readonly<Record<string, Part>> = {
  "first-job": (plane, { pace }) => measureFirstJob(plane, pace),
  writes: (plane, { repositories }) => measureWrites(plane, repositories),
  apply: (plane, { size, rounds }) => measureApply(plane, size, rounds),
};

/** What can be measured alone. */
export const clusterParts: readonly string[] = Object.keys(parts);

/** The operator at a real API server with etcd and controller manager: these parts, or all. Takes minutes more where Kubernetes is not yet compiled. */
export async function measureCluster({ quick, only }: Effort): Promise<Measurement> {
  const plane = await Plane.start();
  const figures: Figure[] = [];
  try {
    for (const [name, measure] of Object.entries(parts)) {
      if (only.length === 0 || only.includes(name)) figures.push(...told(await measure(plane, quick ? efforts.quick : efforts.whole)));
    }
    return { title: "Operator at a real API server (etcd, kube-apiserver and kube-controller-manager 1.36, no node)", figures };
  } finally {
    await plane.stop();
  }
}

/** Minutes lie between the parts: what is known is shown at once. */
function told(figures: readonly Figure[]): readonly Figure[] {
  for (const { what, value } of figures) console.error(`${what}: ${value}`);
  return figures;
}
