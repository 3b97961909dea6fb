import { apiVersion } from "@codybatch/crds";
import type { BatchChange } from "@codybatch/crds";
import { startServer } from "@codybatch/local";
import type { Fault, FaultedRequest } from "@codybatch/local";
import { createClient, createLog, createMetrics, loadConfig, openEndpoint, resources, startOperator } from "@codybatch/operator";
import type { Client, Config, Operator } from "@codybatch/operator";
import { openPlainApi } from "../../cluster/api.ts";
import type { Api } from "../../cluster/api.ts";
import { eventually } from "../../cluster/deadline.ts";
import { isComplete, patience } from "../../local-mode/index.ts";
import { namer, pictureOf } from "../picture.ts";
import type { Picture } from "../picture.ts";
import { fastClock } from "./clock.ts";
import { Kubelet } from "./kubelet.ts";
import type { Play } from "./kubelet.ts";
import { bystander } from "./watch.ts";
import { Witness } from "./witness.ts";

/** What a run came to. */
export interface Outcome {
  readonly picture: Picture;
  /** How often each object was created and deleted. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What goes wrong with a request of the operator; `crash` ends it there and then, and a new one without any memory takes over. */
export type Mishap = Fault | { readonly kind: "crash"; readonly commitFirst: boolean };
export type Mishaps = (request: FaultedRequest) => Mishap | undefined;

const batch = "batch";
const repositories = ["one", "two", "three"];
/** Time passes so many times as fast for whatever the operator measures without a date. */
const speed = 20;

/** One changes, two has nothing to change, three loses its first pod half way. */
const play: Play = ({ repository, try: number }) => {
  if (repository.name === "acme/two") return "no change";
  return repository.name === "acme/three" && number === 0 ? "crash" : "change";
};

/** Plays the batch with an operator in this process, an API server that does as it is told, and pods that end at once. */
export async function playWith(mishaps: Mishaps = () => undefined, times: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const over = new AbortController();
  const stage = new Stage(mishaps, times);
  const server = await startServer({ onRequest: (request) => stage.decide(request), bookmarkInterval: 50 });
  const witness = new Witness(server.url, over.signal);
  const api = bystanding(openPlainApi(server.url));
  const kubelet = new Kubelet(api, play, { url: server.url, signal: over.signal });
  try {
    await stage.open(server.url);
    await apply(api);
    await Promise.race([untilOver(api), kubelet.done, stage.failed]);
    const nameOf = namer(await listOf(api, "changesets"));
    const picture = await pictureOf((kind) => listOf(api, kind), nameOf);
    await stage.close();
    await server.close();
    await kubelet.done;
    return { picture, counts: await witness.counts(nameOf) };
  } finally {
    over.abort();
    await stage.close();
    await server.close();
    api.close();
  }
}

/** The operator, with what strikes it. */
class Stage {
  readonly #mishaps: Mishaps;
  readonly #times: Readonly<Record<string, string>>;
  readonly #failed = Promise.withResolvers<never>();
  #url = "";
  #running: { readonly operator: Operator; readonly client: Client; readonly stop: AbortController } | undefined;
  #isDead = false;
  #revival: Promise<void> = Promise.resolve();

  constructor(mishaps: Mishaps, times: Readonly<Record<string, string>>) {
    this.#mishaps = mishaps;
    this.#times = times;
    this.#failed.promise.catch(() => undefined);
  }

  /** Rejects when the operator gave up by itself. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** A crash resets this and all later requests until the next operator runs. */
  decide(request: FaultedRequest): Fault | undefined {
    if (request.query.get("fieldManager") === bystander) return undefined;
    if (this.#isDead) return { kind: "reset" };
    const mishap = this.#mishaps(request);
    if (mishap?.kind !== "crash") return mishap;
    this.#isDead = true;
    this.#revival = this.#revive();
    this.#revival.catch((error: unknown) => this.#failed.reject(error));
    return { kind: "reset", commitFirst: mishap.commitFirst };
  }

  async open(url: string): Promise<void> {
    this.#url = url;
    const config = this.#config();
    const metrics = createMetrics();
    const clock = fastClock(speed);
    const client = createClient({ endpoint: await openEndpoint(config.server, clock), metrics, ...config.requests });
    const stop = new AbortController();
    const parts = {
      client,
      metrics,
      clock,
      random: Math.random,
      identity: crypto.randomUUID(),
      signal: stop.signal,
      fail: this.#failed.reject,
    };
    this.#running = { operator: await startOperator(config, createLog("fatal"), parts), client, stop };
  }

  async close(): Promise<void> {
    await this.#revival;
    await this.#end();
  }

  async #revive(): Promise<void> {
    await this.#end();
    await fetch(`${this.#url}${leasePath}?fieldManager=${bystander}`, { method: "DELETE" });
    this.#isDead = false;
    await this.open(this.#url);
  }

  /** Nothing of a closed client reaches the server any more. */
  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.stop.abort();
    if (this.#isDead) await running?.client.close();
    await running?.operator.stop();
    await running?.client.close();
  }

  #config(): Config {
    return loadConfig({
      CODYBATCH_API_URL: this.#url,
      CODYBATCH_HTTP_PORT: "0",
      CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY: "true",
      CODYBATCH_STATUS_INTERVAL_SECONDS: "0.1",
      CODYBATCH_RETRY_DELAY_SECONDS: "0.01",
      CODYBATCH_KEEP_FINISHED_SECONDS: "0.01",
      CODYBATCH_KEEP_FAILED_SECONDS: "0.01",
      CODYBATCH_POLL_SECONDS: "0.5",
      CODYBATCH_RESULT_WAIT_SECONDS: "60",
      CODYBATCH_LEASE_SECONDS: "3600",
      CODYBATCH_LEASE_RENEW_SECONDS: "1800",
      CODYBATCH_LIMITS: JSON.stringify({ repositoryPatterns: ["https://github.com/*/*"] }),
      ...this.#times,
    });
  }
}

const leasePath = "/apis/coordination.k8s.io/v1/namespaces/codybatch-system/leases/codybatch-operator";

function bystanding(api: Api): Api {
  const marked = (path: string): string => `${path}${path.includes("?") ? "&" : "?"}fieldManager=${bystander}`;
  return {
    call: (method, path, ...rest) => api.call(method, marked(path), ...rest),
    must: (method, path, ...rest) => api.must(method, marked(path), ...rest),
    close: () => api.close(),
  };
}

function pathOf(kind: keyof typeof resources, name = ""): string {
  const { group, version, plural } = resources[kind];
  return `${group === "" ? "/api" : `/apis/${group}`}/${version}/namespaces/default/${plural}${name === "" ? "" : `/${name}`}`;
}

async function listOf<T>(api: Api, kind: keyof typeof resources): Promise<readonly T[]> {
  return (await api.must("GET", pathOf(kind)))["items"] as readonly T[];
}

async function apply(api: Api): Promise<void> {
  await api.must("POST", pathOf("batchChanges"), {
    apiVersion,
    kind: "BatchChange",
    metadata: { name: batch },
    spec: {
      prompt: "Move it to Node 24.",
      repositories: repositories.map((name) => ({ url: `https://github.com/acme/${name}` })),
      parallelism: 2,
      agent: { maxCostUSD: "1.00" },
      budget: { maxCostUSD: "3.00" },
    },
  });
}

/** The batch is complete, and its Jobs, which are kept for no time at all, are gone. */
async function untilOver(api: Api): Promise<void> {
  let last: unknown;
  const look = async (): Promise<true | undefined> => {
    const found = (await api.must("GET", pathOf("batchChanges", batch))) as unknown as BatchChange;
    last = found.status;
    return isComplete(found) && (await listOf(api, "jobs")).length === 0 ? true : undefined;
  };
  await eventually("the batch is over", look, { ...patience, instead: () => last });
}
