import type { Fault, FaultedRequest } from "@codybatch/local";
import { createClient, createLog, createMetrics, leaseRequests, loadConfig, openEndpoint, Rest, startOperator } from "@codybatch/operator";
import type { Client, Config, Operator } from "@codybatch/operator";
import { fastClock } from "./clock.ts";
import { bystander } from "./watch.ts";

/** What goes wrong with a request of the operator; `crash` ends it there and then, and a new one without any memory takes over. */
export type Mishap =
  | Fault
  | {
      readonly kind: "crash";
      readonly commitFirst: boolean;
      /** When the new one starts; at once without it. */
      readonly until?: Promise<void>;
    };
export type Mishaps = (request: FaultedRequest) => Mishap | undefined;

/** Time passes so many times as fast for whatever the operator measures without a date. */
const speed = 20;
const leasePath = (namespace: string): string => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/codybatch-operator`;

/** The operator, with what strikes it. */
export class Stage {
  readonly #namespace: string;
  readonly #mishaps: Mishaps;
  readonly #times: Readonly<Record<string, string>>;
  readonly #failed = Promise.withResolvers<never>();
  #url = "";
  #running: { readonly operator: Operator; readonly clients: readonly Client[]; readonly stop: AbortController } | undefined;
  #isDead = false;
  #revival: Promise<void> = Promise.resolve();

  /** `namespace` holds its Lease: operators with different ones do not know of each other. */
  constructor(namespace: string, mishaps: Mishaps, times: Readonly<Record<string, string>>) {
    this.#namespace = namespace;
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
    this.#revival = this.#revive(mishap.until);
    this.#revival.catch((error: unknown) => this.#failed.reject(error));
    return { kind: "reset", commitFirst: mishap.commitFirst };
  }

  async open(url: string): Promise<void> {
    this.#url = url;
    const config = this.#config();
    const metrics = createMetrics();
    const clock = fastClock(speed);
    const endpoint = await openEndpoint(config.server, clock);
    const log = createLog("fatal");
    const rest = new Rest(clock, log);
    const connection = { endpoint, metrics, onThrottled: rest.ask };
    const client = createClient({ ...connection, ...config.requests });
    const leaseClient = createClient({ ...connection, ...leaseRequests(config) });
    const stop = new AbortController();
    const parts = {
      client,
      leaseClient,
      rest,
      metrics,
      clock,
      random: Math.random,
      identity: crypto.randomUUID(),
      signal: stop.signal,
      fail: this.#failed.reject,
    };
    this.#running = { operator: await startOperator(config, log, parts), clients: [client, leaseClient], stop };
  }

  async close(): Promise<void> {
    await this.#revival;
    await this.#end();
  }

  async #revive(until: Promise<void> | undefined): Promise<void> {
    await this.#end();
    await until;
    await fetch(`${this.#url}${leasePath(this.#namespace)}?fieldManager=${bystander}`, { method: "DELETE" });
    this.#isDead = false;
    await this.open(this.#url);
  }

  /** Nothing of a closed client reaches the server any more. */
  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    const close = () => Promise.all(running.clients.map((client) => client.close()));
    running.stop.abort();
    if (this.#isDead) await close();
    await running.operator.stop();
    await close();
  }

  #config(): Config {
    return loadConfig({
      CODYBATCH_API_URL: this.#url,
      CODYBATCH_NAMESPACE: this.#namespace,
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
