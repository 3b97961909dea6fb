import { resources } from "@codybatch/operator";
import { Batch } from "../../cluster/batch.ts";
import { end, run } from "../../cluster/kubelet.ts";
import type { Figure } from "../figure.ts";
import { inFlight } from "../in-flight.ts";
import { OperatorUnderTest } from "../operator.ts";
import { inFolder } from "../program.ts";
import { limitsEnv } from "./batches.ts";
import type { Plane } from "./plane.ts";
import { recordRun, RecorderDoor } from "./recorder.ts";
import { difference, writesAside, writesOf } from "./writes-seen.ts";

const namespace = "undisturbed";
/** Recorder processes at once: each takes a second of CPU to start. */
const podsAtOnce = 4;

/** A batch of which every repository comes to a patch without any trouble: what operator and recorders write for it. The kubelet and the agents are played. */
export async function measureWrites(plane: Plane, count: number): Promise<readonly Figure[]> {
  await plane.makeNamespace(namespace);
  return inFolder(async (dir) => {
    const env = { KUBECONFIG: plane.kubeconfig, CODYBATCH_WATCH_NAMESPACES: namespace, ...limitsEnv };
    const operator = await OperatorUnderTest.start(dir, env);
    const door = await RecorderDoor.open(plane);
    try {
      await operator.working();
      const before = writesOf(await plane.metrics());
      await runAll(plane, dir, { count, url: door.url });
      await operator.settled();
      return figuresOf(count, {
        actions: await operator.byLabel("codybatch_writes_total"),
        seen: difference(writesOf(await plane.metrics()), before),
        recorders: door.writes,
      });
    } finally {
      door.close();
      await operator.stop();
    }
  });
}

interface Run {
  readonly count: number;
  readonly url: string;
}

async function runAll(plane: Plane, dir: string, { count, url }: Run): Promise<void> {
  const { api } = plane;
  const batch = new Batch(api, namespace, "undisturbed");
  const repositories = Array.from({ length: count }, (_, index) => `service-${index}`);
  await batch.create(repositories, { parallelism: count });
  await inFlight(repositories, podsAtOnce, async (repository) => {
    const pod = await batch.pod(repository);
    await run(api, pod);
    await batch.ends(repository, "Running");
    await recordRun(dir, pod, url);
    await end(api, pod);
    await batch.ends(repository, "Ready");
  });
  await batch.reaches("Succeeded");
}

interface Counted {
  readonly actions: ReadonlyMap<string, number>;
  readonly seen: ReadonlyMap<string, number>;
  readonly recorders: readonly string[];
}

function figuresOf(count: number, { actions, seen, recorders }: Counted): readonly Figure[] {
  const perChangeset = (number: number): string => (number / count).toFixed(2);
  const of = (...kinds: readonly string[]): number => kinds.reduce((sum, kind) => sum + (actions.get(kind) ?? 0), 0);
  const served = (key: string): number => seen.get(key) ?? 0;
  const { changesets } = resources;
  const told = served(`POST ${changesets.plural}`) + served(`PATCH ${changesets.plural}/status`) + served("POST jobs");
  const durable = writesAside(recorders, "live");
  return [
    {
      what: `the operator's writes of a Changeset, its Job and its status in an undisturbed run of ${count} (aim 4), by its own count; by the API server's`,
      value: `${perChangeset(of("CreateChangeset", "CreateJob", "PatchChangesetStatus"))}; ${perChangeset(told)}`,
    },
    { what: "all writes of the operator", value: [...actions].map(([action, number]) => `${action} ${number}`).join(", ") },
    {
      what: "the recorder's writes of a run without `-live` (aim 3); `-live`",
      value: `${perChangeset(durable)}; ${perChangeset(recorders.length - durable)}`,
    },
  ];
}
