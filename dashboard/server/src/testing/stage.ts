import { gzipSync } from "node:zlib";
import { apiVersion, label, recordKey, recordName } from "@codybatch/crds";
import { createLog, createMetrics, resources, type Client, type KubeObject, type Resource } from "@codybatch/operator";
import { afterEach } from "vitest";
import { startServer, type RunningServer, type ServerOptions, type User } from "../../../../local/src/server/index.ts";
import { loadConfig } from "../config.ts";
import { connect } from "../connect.ts";
import { startDashboard, type Dashboard } from "../dashboard.ts";

const denyAll = { group: "codybatch.dev" };

/** Everybody is known by a token of their own name. `viewer` may see team-a without costs; `approver` all of it; `stranger` nothing. */
export const users: readonly User[] = [
  {
    token: "viewer",
    username: "viewer@example.com",
    groups: ["system:authenticated"],
    deny: [
      { group: "codybatch.dev", verb: "list", namespace: "" },
      { group: "codybatch.dev", namespace: "team-b" },
      { group: "codybatch.dev", resource: "batchchanges", subresource: "cost" },
    ],
  },
  { token: "approver", username: "approver@example.com", groups: ["system:authenticated"], deny: [] },
  { token: "stranger", username: "stranger@example.com", groups: ["system:authenticated"], deny: [denyAll] },
];

interface Sent {
  readonly as?: string;
  readonly cookie?: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Made {
  readonly status?: object;
  readonly repository?: string;
}

/** An answer, its body read. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever came
  readonly body: any;
}

/** An API server, a dashboard over it, and whoever asks it. */
export class Stage {
  readonly api: RunningServer;
  readonly client: Client;
  readonly dashboard: Dashboard;
  readonly url: string;

  private constructor(api: RunningServer, client: Client, dashboard: Dashboard) {
    [this.api, this.client, this.dashboard] = [api, client, dashboard];
    this.url = `http://127.0.0.1:${dashboard.port}`;
  }

  static async open(env: Readonly<Record<string, string>> = {}, options: ServerOptions = {}): Promise<Stage> {
    const api = await startServer({ users, ...options });
    const stage = await Stage.#over(api, env);
    await stage.#namespaces();
    return stage;
  }

  /** A second dashboard over the same API server; the caller stops it. */
  another(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
    return Stage.#over(this.api, env);
  }

  static async #over(api: RunningServer, env: Readonly<Record<string, string>>): Promise<Stage> {
    const config = loadConfig({
      CODYBATCH_API_URL: api.url,
      CODYBATCH_DASHBOARD_PORT: "0",
      CODYBATCH_DASHBOARD_METRICS_PORT: "0",
      CODYBATCH_DASHBOARD_COALESCE_SECONDS: "0.05",
      CODYBATCH_DASHBOARD_LIVE_SECONDS: "0.05",
      CODYBATCH_DASHBOARD_PING_SECONDS: "0.05",
      ...env,
    });
    const parts = await connect(config, createLog(process.env["CODYBATCH_TEST_LOG"] ?? "silent"), createMetrics());
    return new Stage(api, parts.client, await startDashboard(config, parts));
  }

  async close(): Promise<void> {
    await this.dashboard.stop();
    await this.client.close();
    await this.api.close();
  }

  async #namespaces(): Promise<void> {
    for (const name of ["team-a", "team-b"]) await this.create(resources.namespaces, "", { metadata: { name } });
    await eventually("the dashboard is ready", () => this.dashboard.ready());
  }

  create(
    resource: Resource,
    namespace: string,
    object: { readonly metadata: object; readonly [field: string]: unknown },
  ): Promise<KubeObject> {
    const version = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
    return this.client.create(resource, namespace, { apiVersion: version, kind: resource.kind, ...object });
  }

  async batch(
    namespace: string,
    name: string,
    { spec = {}, status = {}, labels = {} }: { spec?: object; status?: object; labels?: object } = {},
  ) {
    const repositories = [{ url: "https://github.com/acme/api" }];
    await this.create(resources.batchChanges, namespace, {
      metadata: { name, namespace, labels },
      spec: { prompt: "Move to Node 24.", repositories, ...spec },
    });
    return this.client.mergePatch(resources.batchChanges, namespace, name, { status }, "status");
  }

  async changeset(namespace: string, name: string, batchChange: string, { status = {}, repository = "acme/api" }: Made = {}) {
    await this.create(resources.changesets, namespace, {
      metadata: { name, namespace },
      spec: { batchChange, repository: { url: `https://github.com/${repository.replaceAll(/[^\w./-]/g, "-")}`, name: repository } },
    });
    return this.client.mergePatch(resources.changesets, namespace, name, { status }, "status");
  }

  /** A result of a pod, as the recorder stores it. */
  record(
    owner: KubeObject,
    part: "patch" | "transcript" | "live",
    { name, data, binary }: { name: string; data?: object; binary?: Record<string, Buffer> },
    more: { labels?: object; uid?: string } = {},
  ) {
    const { namespace, name: changeset, uid } = owner.metadata;
    const binaryData = Object.fromEntries(Object.entries(binary ?? {}).map(([key, bytes]) => [key, bytes.toString("base64")]));
    return this.create(resources.configMaps, namespace, {
      metadata: {
        name,
        namespace,
        labels: { [label.role]: part, [label.changeset]: changeset, [label.podUID]: "pod-uid", ...more.labels },
        ownerReferences: [{ apiVersion, kind: "Changeset", name: changeset, uid: more.uid ?? uid }],
      },
      data,
      binaryData,
    });
  }

  async get(path: string, { as = "approver", cookie, method = "GET", body, headers = {} }: Sent = {}): Promise<Got> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(cookie === undefined && as !== "" ? { authorization: `Bearer ${as}` } : {}),
        ...(cookie === undefined ? {} : { cookie }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Stages that are closed after each test. */
export function stages(): typeof Stage.open {
  const open: Stage[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((stage) => stage.close()));
  });
  return async (env, options) => {
    const stage = await Stage.open(env, options);
    open.push(stage);
    return stage;
  };
}

/** Polls until something is there; fails after 10 s with what was awaited. */
export async function eventually<T>(what: string, look: () => Promise<T | false> | T | false): Promise<NonNullable<T>> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const today = new Date().setUTCHours(0, 0, 0, 0);
/** A minute of the day on which the tests began. */
export const at = (minute: number): string => new Date(today + minute * 60_000).toISOString();

/** One ended attempt with a patch and a transcript in ConfigMaps of its pod. */
export function endedAttempt(pod: string, more: object = {}) {
  return {
    attempt: 0,
    try: 1,
    job: "job-0-1",
    pod,
    outcome: "Reported",
    reason: "Reported",
    inputsHash: "h",
    usage: { input: 100, output: 20, cacheRead: 5, cacheWrite: 1, costUSD: "0.25" },
    chargedNanoUSD: 250_000_000,
    startedAt: at(0),
    finishedAt: at(5),
    patch: { digest: `sha256:${"a".repeat(64)}`, baseCommit: "b".repeat(40), tree: "c".repeat(40), bytes: 10, ref: recordName.patch(pod) },
    transcript: { refs: [recordName.transcript(pod, 0)], events: 2 },
    ...more,
  };
}

export const gz = {
  patch: (text: string) => ({ [recordKey.patchGz]: gzipSync(text) }),
  transcript: (lines: readonly unknown[]) => ({
    [recordKey.transcriptGz]: gzipSync(lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("")),
  }),
};
