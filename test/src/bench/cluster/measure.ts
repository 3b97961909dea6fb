import type { Effort, Figure, Measurement } from "../figure.ts";
import { measureApply } from "./apply.ts";
import { measureFirstJob } from "./latency.ts";
import { Plane } from "./plane.ts";
import { measureWrites } from "./writes.ts";

const efforts = {
  quick: { pace: { count: 2, idleMs: 100 }, repositories: 2, size: { batches: 2, repositories: 10 }, rounds: 2 },
  whole: { pace: { count: 30, idleMs: 2500 }, repositories: 20, size: { batches: 10, repositories: 100 }, rounds: 3 },
};

/** The operator at a real API server with etcd and controller manager, the emptier the server the earlier. Takes minutes more where Kubernetes is not yet compiled. */
export async function measureCluster({ quick }: Effort): Promise<Measurement> {
  const { pace, repositories, size, rounds } = quick ? efforts.quick : efforts.whole;
  const plane = await Plane.start();
  try {
    const figures = [
      ...told(await measureFirstJob(plane, pace)),
      ...told(await measureWrites(plane, repositories)),
      ...told(await measureApply(plane, size, rounds)),
    ];
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
