import { annotation, label, recordKey, recordName } from "@codybatch/crds";
import type { BatchChange, Changeset, RunResult, TaskResult } from "@codybatch/crds";
import { startServer, type Fault, type FaultedRequest, type RunningServer } from "../../../../local/src/server/index.ts";
import { createClient, type Client } from "../../cluster/client.ts";
import { systemClock } from "../../cluster/clock.ts";
import type { KubeObject } from "../../cluster/object.ts";
import { resources, type Resource } from "../../cluster/resource.ts";
import { openEndpoint } from "../../cluster/endpoint.ts";
import { loadConfig } from "../../config.ts";
import { createLog } from "../../log.ts";
import { createMetrics, type Metrics } from "../../metrics.ts";
import { Rest } from "../rest.ts";
import { startOperator, type Operator } from "../../operator.ts";

const namespace = "team-a";

/** Thrown by a client whose process has "died"; nothing reaches the server any more. */
class Died extends Error {}

export type Job = KubeObject & {
  readonly spec: { readonly suspend?: boolean; readonly template: { readonly metadata: { readonly annotations: Record<string, string> } } };
};

/** An embedded API server with an operator, and a test that plays user, Job controller, kubelet and recorder. */
export class Bench {
  readonly server: RunningServer;
  readonly client: Client;
  /** Of the operator that was started last. */
  metrics: Metrics = createMetrics();
  /** Decides what goes wrong with a request. */
  fault: (request: FaultedRequest) => Fault | undefined = () => undefined;
  /** Writes of all operators so far, Leases and Events left out. */
  writes = 0;
  #died = Promise.withResolvers<void>();
  #operator: { readonly operator: Operator; readonly client: Client; readonly kill: () => void } | undefined;

  private constructor(server: RunningServer, client: Client) {
    this.server = server;
    this.client = client;
  }

  static async open(): Promise<Bench> {
    const holder: { bench?: Bench } = {};
    const server = await startServer({ onRequest: (request) => holder.bench?.fault(request) });
    const bench = new Bench(server, await clientOf(server.url, createMetrics()));
    holder.bench = bench;
    await bench.create(resources.namespaces, { metadata: { name: namespace } }, "");
    return bench;
  }

  /** Starts an operator. It dies without a trace after so many writes, if that is said. */
  async startOperator({
    writes = Infinity,
    env = {},
  }: { readonly writes?: number; readonly env?: Record<string, string> } = {}): Promise<void> {
    const config = loadConfig({ ...settings, CODYBATCH_API_URL: this.server.url, ...env });
    const metrics = createMetrics();
    this.metrics = metrics;
    const log = createLog(process.env["CODYBATCH_TEST_LOG"] ?? "silent");
    const rest = new Rest(systemClock, log);
    const real = await clientOf(this.server.url, metrics, rest);
    this.#died = Promise.withResolvers<void>();
    const { client, kill } = mortal(real, writes, { died: this.#died.resolve, wrote: () => (this.writes += 1) });
    const parts = {
      client,
      leaseClient: client,
      rest,
      metrics,
      clock: systemClock,
      random: Math.random,
      identity: `operator-${Math.random()}`,
    };
    const signal = new AbortController().signal;
    const operator = await startOperator(config, log, { ...parts, signal, fail: () => undefined });
    this.#operator = { operator, client: real, kill };
  }

  /** Resolves when the operator that was started last has done its last write. */
  get death(): Promise<void> {
    return this.#died.promise;
  }

  /** What Prometheus would read from the operator that was started last. */
  async scrape(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.#operator?.operator.httpPort}/metrics`)).text();
  }

  /** Kill -9: what was not written stays so, and the Lease is freed at once so that no test waits for it. */
  async killOperator(): Promise<void> {
    const running = this.#operator;
    this.#operator = undefined;
    if (running === undefined) return;
    running.kill();
    await running.operator.stop();
    await running.client.close();
    await this.client.remove(resources.leases, "codybatch-system", "codybatch-operator", await this.#leaseUID());
  }

  async close(): Promise<void> {
    await this.#operator?.operator.stop();
    await this.#operator?.client.close();
    await this.client.close();
    await this.server.close();
  }

  async #leaseUID(): Promise<string> {
    return (await this.client.get(resources.leases, "codybatch-system", "codybatch-operator"))?.metadata.uid ?? "";
  }

  create(resource: Resource, object: { metadata: { name: string } } & object, into = namespace): Promise<KubeObject> {
    const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
    const metadata = { ...object.metadata, ...(into !== "" && { namespace: into }) };
    return this.client.create(resource, into, { apiVersion, kind: resource.kind, ...object, metadata });
  }

  /** The user applies a BatchChange. */
  apply(name: string, spec: object): Promise<KubeObject> {
    return this.create(resources.batchChanges, { metadata: { name }, spec: { prompt: "Move to Node 24.", ...spec } } as never);
  }

  edit(name: string, spec: object): Promise<KubeObject> {
    return this.client.mergePatch(resources.batchChanges, namespace, name, { spec });
  }

  async batch(name: string): Promise<BatchChange | undefined> {
    return (await this.client.get(resources.batchChanges, namespace, name)) as unknown as BatchChange | undefined;
  }

  async all<T = KubeObject>(resource: Resource): Promise<readonly T[]> {
    return (await this.client.list(resource, { namespace }, (raw) => raw as object)).items as readonly T[];
  }

  async changesets(): Promise<readonly Changeset[]> {
    return this.all<Changeset>(resources.changesets);
  }

  /** Polls until something is there; fails after 10 s with what was awaited. */
  async until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    const deadline = performance.now() + 10_000;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  phase(repository: string, phase: string): Promise<Changeset> {
    return this.until(`${repository} to be ${phase}`, async () =>
      (await this.changesets()).find(({ spec, status }) => spec.repository.name === repository && status?.phase === phase),
    );
  }

  /** The Job of a repository's try, such as `0-0`. */
  job(repository: string, number = "0-0"): Promise<Job> {
    return this.until(`Job ${number} of ${repository}`, async () => {
      const changeset = (await this.changesets()).find(({ spec }) => spec.repository.name === repository);
      return (await this.all<Job>(resources.jobs)).find(({ metadata }) => metadata.name === `${changeset?.metadata.name}-${number}`);
    });
  }

  /** Job controller and kubelet: the Job's pod runs. */
  async run({ metadata, spec }: Job): Promise<KubeObject> {
    const owner = { apiVersion: "batch/v1", kind: "Job", name: metadata.name, uid: metadata.uid, controller: true };
    const { labels } = metadata;
    const name = `${metadata.name}-abcde`;
    const pod = await this.create(resources.pods, {
      metadata: { name, labels, ownerReferences: [owner], annotations: spec.template.metadata.annotations } as never,
      spec: { nodeName: "node-1", terminationGracePeriodSeconds: 1, containers: [{ name: "agent", image: "runner" }] },
    } as never);
    await this.setPod(name, "Running", { running: {} });
    await this.setJob(metadata.name, { active: 1 });
    return pod;
  }

  async setPod(name: string, phase: string, agent: object): Promise<void> {
    const containerStatuses = [{ name: "agent", state: agent, ready: false, restartCount: 0, image: "runner", imageID: "" }];
    await this.client.mergePatch(resources.pods, namespace, name, { status: { phase, containerStatuses } }, "status");
  }

  async setJob(name: string, status: object): Promise<void> {
    await this.client.mergePatch(resources.jobs, namespace, name, { status }, "status");
  }

  /** Agent and recorder: the result is stored, the pod ends, the Job is complete. */
  async finish(job: Job, result: Partial<RunResult> = {}): Promise<void> {
    const pod = `${job.metadata.name}-abcde`;
    const uid = (await this.client.get(resources.pods, namespace, pod))!.metadata.uid;
    await this.store(job, uid, resultOf(result), result.reason === undefined || result.reason === "Reported");
    await this.end(job, 0);
  }

  /** Runner and recorder of a Job that publishes, discovers or tracks: the result is stored under its owner, the pod ends, the Job is complete. */
  async finishTask(job: Job, result: TaskResult): Promise<void> {
    const { metadata } = await this.run(job);
    const labels = { ...job.metadata.labels, [label.role]: "result", [label.podUID]: metadata.uid };
    const owned = { name: recordName.result(metadata.name), labels, ownerReferences: job.metadata.ownerReferences } as never;
    await this.create(resources.configMaps, { metadata: owned, data: { [recordKey.result]: JSON.stringify(result) } } as never);
    await this.end(job, 0);
  }

  /** The recorder writes `-result`. */
  async store({ metadata }: Job, podUID: string, result: RunResult, hasPatch: boolean): Promise<void> {
    const pod = `${metadata.name}-abcde`;
    const transcript = { refs: [recordName.transcript(pod, 0)], events: 3, bytes: 100, truncated: false };
    const record = { version: 1, ended: "Finished", transcript, ...(hasPatch && { patchRef: recordName.patch(pod) }) };
    const labels = { ...metadata.labels, [label.role]: "result", [label.podUID]: podUID };
    const data = { "result.json": JSON.stringify(result), "record.json": JSON.stringify(record) };
    const annotations = { [annotation.bytes]: "100" };
    await this.create(resources.configMaps, { metadata: { name: recordName.result(pod), labels, annotations } as never, data } as never);
  }

  /** The recorder's `-live`, for a pod that does not get further. */
  async storeLive({ metadata }: Job): Promise<void> {
    const pod = `${metadata.name}-abcde`;
    const uid = (await this.client.get(resources.pods, namespace, pod))!.metadata.uid;
    const { patch } = resultOf();
    const progress = { version: 1, turn: 2, activity: "edit_file", usage, inFlightNanoUSD: 0, patch, updatedAt: new Date().toISOString() };
    const transcript = { refs: [], events: 2, bytes: 50, truncated: false };
    const record = { version: 1, ended: "Running", transcript, patchRef: recordName.live(pod) };
    const labels = { ...metadata.labels, [label.role]: "live", [label.podUID]: uid };
    const data = { "progress.json": JSON.stringify(progress), "record.json": JSON.stringify(record) };
    await this.create(resources.configMaps, { metadata: { name: recordName.live(pod), labels } as never, data } as never);
  }

  async end({ metadata }: Job, exitCode: number): Promise<void> {
    const finishedAt = new Date().toISOString();
    await this.setPod(`${metadata.name}-abcde`, exitCode === 0 ? "Succeeded" : "Failed", {
      terminated: { exitCode, finishedAt, reason: "Error" },
    });
    const type = exitCode === 0 ? "Complete" : "Failed";
    const conditions = [{ type, status: "True", reason: "Test", message: "", lastTransitionTime: finishedAt }];
    await this.setJob(metadata.name, { active: 0, conditions });
  }
}

const settings = {
  CODYBATCH_HTTP_PORT: "0",
  CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY: "true",
  CODYBATCH_STATUS_INTERVAL_SECONDS: "0.01",
  CODYBATCH_RETRY_DELAY_SECONDS: "0.05",
  CODYBATCH_RESULT_WAIT_SECONDS: "0.3",
  CODYBATCH_POLL_SECONDS: "0.1",
  CODYBATCH_LEASE_RETRY_SECONDS: "0.1",
  CODYBATCH_PUBLISHING: JSON.stringify({ perMinute: 600 }),
};

async function clientOf(url: string, metrics: Metrics, rest?: Rest): Promise<Client> {
  const endpoint = await openEndpoint({ kind: "url", url }, systemClock);
  return createClient({ endpoint, metrics, timeout: 10_000, connections: 20, ...(rest !== undefined && { onThrottled: rest.ask }) });
}

/** A client whose process dies after so many writes: the last one takes effect, and nothing after it. Leases do not count. */
function mortal(
  client: Client,
  writes: number,
  tell: { readonly died: () => void; readonly wrote: () => void },
): { readonly client: Client; readonly kill: () => void } {
  let [left, dead] = [writes, false];
  const write =
    <A extends readonly [Resource, ...unknown[]], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (dead) throw new Died("the process is dead");
      if (args[0].plural === "leases") return call(...args);
      if (args[0].plural !== "events") tell.wrote();
      left -= 1;
      if (left <= 0) dead = true;
      const answer = await call(...args);
      if (!dead) return answer;
      tell.died();
      throw new Died("the process is dead");
    };
  const mortalClient = { ...client, create: write(client.create), mergePatch: write(client.mergePatch), remove: write(client.remove) };
  return { client: mortalClient, kill: () => void (dead = true) };
}

const commit = "1".repeat(40);
const usage = { turns: 3, input: 100, output: 10, cacheRead: 0, cacheWrite: 0, costNanoUSD: 250_000_000 };
const size = { filesChanged: 1, additions: 2, deletions: 1 };

/** A result as the agent writes it: by default a change. */
export function resultOf(part: Partial<RunResult> = {}): RunResult {
  const isChange = part.reason === undefined;
  const at = new Date().toISOString();
  return {
    version: 1,
    reason: "Reported",
    message: "Moved to Node 24.",
    usage,
    warnings: [],
    startedAt: at,
    finishedAt: at,
    ...(isChange && {
      report: { wereChangesNecessary: true, summary: "Moved", explanation: "…", ...size },
      patch: { digest: `sha256:${"a".repeat(64)}`, baseCommit: commit, tree: commit, bytes: 10, ...size },
    }),
    ...part,
  };
}
