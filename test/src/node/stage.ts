import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { loadScenarios, startClaude } from "@codybatch/local";
import { inject } from "vitest";
import { startGitServer } from "../../../runner/src/clone/testing/git-server.ts";
import { chartFolder } from "../chart/chart.ts";
import { Site } from "../chart/site.ts";
import { must } from "../cluster/control-plane.ts";
import { Api } from "../local-mode/api.ts";
import { Gate } from "../local-mode/gate.ts";
import { makeRepository } from "../local-mode/repository.ts";
import { Batch } from "../story/batch.ts";
import type { NodeCluster } from "./cluster.ts";
import { startProxy } from "./proxy.ts";

export interface StageOptions {
  /** Unique among the test files: release, namespaces and folder are named after it. At most 20 letters. */
  readonly name: string;
  /** Conversations of the stand-in, as in `local/scenarios`. */
  readonly scenarios: readonly object[];
  /** Values of the chart, beside images, limits and addresses. */
  readonly values?: object;
  /** `CODYBATCH_…` of the operator, in place of the short times. */
  readonly operator?: Readonly<Record<string, string>>;
  /** Values of the runner, in place of short times and small requests; `{}` for the chart's own. */
  readonly runner?: object;
}

/** Times in seconds that let faults end soon and yet leave a busy machine its pauses. */
const operatorTimes = {
  CODYBATCH_STATUS_INTERVAL_SECONDS: "0.2",
  CODYBATCH_POLL_SECONDS: "2",
  CODYBATCH_RETRY_DELAY_SECONDS: "1",
  CODYBATCH_RESULT_WAIT_SECONDS: "15",
  CODYBATCH_LEASE_RETRY_SECONDS: "1",
};
const runnerTimes = { CODYBATCH_LIVE_SECONDS: "1", CODYBATCH_AGENT_LOST_SECONDS: "5", CODYBATCH_CLONE_RETRY_SECONDS: "1" };
/** Small requests: many pods of several stages share a machine of two cores. */
const small = (limit: string) => ({ requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: limit } });
const resources = { recorder: small("256Mi"), clone: small("1Gi"), agent: small("2Gi") };

/** One installed release with a namespace of users, the git host they use, and the stand-in for Claude. */
export class Stage {
  readonly cluster: NodeCluster;
  readonly site: Site;
  readonly options: StageOptions;
  /** Between agents and the stand-in; a test can hold single requests. */
  readonly claude: Gate;
  readonly api: Api;
  readonly dir: string;
  readonly #gitURL: string;
  readonly #parts: AsyncDisposableStack;

  private constructor(options: StageOptions, at: Opened, parts: AsyncDisposableStack) {
    const { cluster, site, claude, proxyURL, gitURL, dir } = at;
    this.options = options;
    this.cluster = cluster;
    this.site = site;
    this.claude = claude;
    this.dir = dir;
    this.#gitURL = gitURL;
    this.#parts = parts;
    this.api = new Api(() => proxyURL, this.namespace);
  }

  /** Opens servers and namespaces and installs the release. */
  static async open(options: StageOptions): Promise<Stage> {
    const parts = new AsyncDisposableStack();
    try {
      const stage = new Stage(options, await openServers(options, parts), parts);
      await stage.#install();
      return stage;
    } catch (error) {
      await parts.disposeAsync();
      throw error;
    }
  }

  /** The users' namespace. */
  get namespace(): string {
    return `${this.options.name}-team`;
  }

  get release(): { readonly name: string; readonly namespace: string } {
    return { name: this.options.name, namespace: `${this.options.name}-system` };
  }

  /** The chart's values of this stage; images are those that the node has. */
  get values(): object {
    const { operator, runner } = this.cluster.images;
    return {
      crds: { install: false },
      watchNamespaces: [this.namespace],
      operator: { image: operator, env: { ...operatorTimes, ...this.options.operator }, resources: small("512Mi") },
      runner: { image: runner, ...(this.options.runner ?? { env: runnerTimes, resources }) },
      anthropic: { baseURL: this.claude.url },
      limits: { repositoryPatterns: [`${this.#gitURL}/*/*`], maxRepositories: 50 },
      networkPolicy: {},
      // One more process per stage, at which nobody looks.
      dashboard: { enabled: false },
      ...this.options.values,
    };
  }

  /** Makes a git repository `owner/name` on the stage's host; gives its URL. */
  repository(name: string, files: Readonly<Record<string, string>> = { "a.txt": "a\n" }): string {
    makeRepository(join(this.dir, "repositories"), name, files);
    return this.url(name);
  }

  /** Where the stage's host serves `repositories/owner/name.git` of its folder. */
  url(name: string): string {
    return `${this.#gitURL}/${name}`;
  }

  batch(name: string): Batch {
    return new Batch({ api: this.api, running: () => [] }, name, 180);
  }

  /** kubectl in the users' namespace, as the administrator; a refusal is an error. */
  async kubectl(...args: readonly string[]): Promise<{ readonly stdout: string }> {
    return { stdout: must(await this.site.kubectl(["-n", this.namespace, ...args])) };
  }

  /** Shows what operator, pods and Events say when a test has failed. */
  async tellFailure({ result }: { readonly result?: { readonly state: string } | undefined }): Promise<void> {
    if (result?.state !== "fail") return;
    const { name, namespace } = this.release;
    const asked = [
      ["-n", namespace, "logs", `deployment/${name}-operator`, "--tail=100"],
      ["-n", namespace, "get", "pods"],
      ["-n", this.namespace, "get", "batchchanges,changesets,jobs,pods,configmaps"],
      ["-n", this.namespace, "events"],
    ];
    for (const args of asked) {
      const { stdout, stderr } = await this.site.kubectl(args);
      console.error(`== kubectl ${args.join(" ")}\n${stdout}${stderr}`);
    }
  }

  /** `helm upgrade` with these values changed; the new operator works when it ends. */
  async upgrade(values: object): Promise<void> {
    const { name, namespace } = this.release;
    must(await this.site.helm(["upgrade", name, chartFolder, "-n", namespace, "--reuse-values"], values));
    await this.#untilReady();
  }

  /** Takes everything down and waits until both namespaces are gone: nothing may hold them. */
  async close(): Promise<void> {
    const { name, namespace } = this.release;
    try {
      must(await this.site.kubectl(["delete", "namespace", this.namespace, "--ignore-not-found", "--timeout=180s"]));
      await this.site.helm(["uninstall", name, "-n", namespace, "--ignore-not-found"]);
      must(await this.site.kubectl(["delete", "namespace", namespace, "--ignore-not-found", "--timeout=120s"]));
    } finally {
      await this.#parts.disposeAsync();
    }
  }

  async #install(): Promise<void> {
    const { namespace } = this.release;
    await this.site.makeNamespaces(namespace, this.namespace);
    await this.kubectl("create", "secret", "generic", "anthropic", "--from-literal=api-key=stand-in");
    must(await this.site.chart("install", this.release, this.values));
    await this.#untilReady();
  }

  async #untilReady(): Promise<void> {
    const { name, namespace } = this.release;
    must(await this.site.kubectl(["-n", namespace, "rollout", "status", `deployment/${name}-operator`, "--timeout=120s"]));
  }
}

interface Opened {
  readonly cluster: NodeCluster;
  readonly site: Site;
  readonly claude: Gate;
  readonly proxyURL: string;
  readonly gitURL: string;
  readonly dir: string;
}

async function openServers({ name, scenarios }: StageOptions, parts: AsyncDisposableStack): Promise<Opened> {
  const cluster = inject("node");
  const dir = mkdtempSync(join(tmpdir(), `codybatch-${basename(name)}-`));
  parts.defer(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, "scenarios.yaml");
  writeFileSync(file, scenarios.map((scenario) => JSON.stringify(scenario)).join("\n---\n"));
  const quiet = { info: () => undefined, warn: () => undefined };
  const standIn = parts.adopt(await startClaude({ scenarios: loadScenarios([file]), log: quiet }), (server) => server.close());
  const claude = parts.adopt(await Gate.open("claude", () => standIn.url, cluster.host), (gate) => gate.close());
  const git = parts.use(await startGitServer({ root: join(dir, "repositories"), address: cluster.host }));
  const proxy = parts.use(await startProxy(cluster));
  return { cluster, site: await Site.at(cluster.kubeconfig), claude, proxyURL: proxy.url, gitURL: git.url, dir };
}
