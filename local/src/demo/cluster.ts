import {
  BatchChangeSpec,
  BatchChangeStatus,
  ChangesetSpec,
  ChangesetStatus,
  RunProgress,
  apiVersion,
  label,
  recordKey,
} from "@codybatch/crds";
import { z } from "zod";
import { Refused } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";

const Metadata = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  generation: z.int().default(0),
  labels: z.record(z.string(), z.string()).default({}),
});
const Batch = z.object({ metadata: Metadata, spec: BatchChangeSpec, status: BatchChangeStatus.default({}) });
export type Batch = z.infer<typeof Batch>;
const Change = z.object({ metadata: Metadata, spec: ChangesetSpec, status: ChangesetStatus.default({}) });
export type Change = z.infer<typeof Change>;
const Records = z.object({
  metadata: Metadata,
  data: z.record(z.string(), z.string()).default({}),
  binaryData: z.record(z.string(), z.string()).default({}),
});
export type Records = z.infer<typeof Records>;

const Self = z.object({ status: z.object({ userInfo: z.object({ username: z.string() }) }) });
const StatusBody = z.object({
  message: z.string().default(""),
  details: z
    .object({ causes: z.array(z.object({ field: z.string().default(""), message: z.string().default("") })).default([]) })
    .optional(),
});

/** The API server as the demo's hands use it, the way kubectl would. */
export class Cluster {
  readonly #url: string;
  readonly #signal: AbortSignal;

  constructor(url: string, signal: AbortSignal) {
    this.#url = url;
    this.#signal = signal;
  }

  /** Creates the object, or merges it into the one that is there; what others set stays. Throws {@link Refused}. */
  async apply(manifest: Manifest): Promise<void> {
    const { name, namespace } = manifest.metadata;
    const collection =
      manifest.kind === "BatchChange"
        ? `/apis/${apiVersion}/namespaces/${namespace}/batchchanges`
        : `/api/v1/namespaces/${namespace}/configmaps`;
    const created = await this.#send("POST", collection, manifest);
    const answer = created.status === 409 ? await this.#send("PATCH", `${collection}/${name}`, manifest) : created;
    if (!answer.ok) throw new Refused(await refusal(answer, `${manifest.kind} ${manifest.metadata.name}`));
  }

  /** Name that the server knows us by. */
  async whoami(): Promise<string> {
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const answer = await this.#send("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", body);
    return Self.parse(await answer.json()).status.userInfo.username;
  }

  /** Approves the patch of that digest. Throws {@link Refused}. */
  async approve({ metadata }: Change, approval: { readonly patch: string; readonly by: string }): Promise<void> {
    const path = `/apis/${apiVersion}/namespaces/${metadata.namespace}/changesets/${metadata.name}`;
    const answer = await this.#send("PATCH", path, { spec: { approval } });
    if (!answer.ok) throw new Refused(await refusal(answer, `Approval of Changeset ${metadata.name}`));
  }

  async batches(): Promise<readonly Batch[]> {
    return await this.#list(`/apis/${apiVersion}/batchchanges`, Batch);
  }

  async changes(): Promise<readonly Change[]> {
    return await this.#list(`/apis/${apiVersion}/changesets`, Change);
  }

  /** What running Changesets do, by `namespace/changeset`. */
  async progress(): Promise<ReadonlyMap<string, RunProgress>> {
    const selector = encodeURIComponent(`${label.role}=live`);
    const records = await this.#list(`/api/v1/configmaps?labelSelector=${selector}`, Records);
    return new Map(
      records.flatMap(({ metadata, data }) => {
        const progress = RunProgress.safeParse(parseJSON(data[recordKey.progress] ?? ""));
        return progress.success ? [[`${metadata.namespace}/${metadata.labels[label.changeset]}`, progress.data] as const] : [];
      }),
    );
  }

  /** A ConfigMap, undefined when there is none. */
  async records(namespace: string, name: string): Promise<Records | undefined> {
    const answer = await this.#send("GET", `/api/v1/namespaces/${namespace}/configmaps/${name}`);
    return answer.ok ? Records.parse(await answer.json()) : undefined;
  }

  async #list<T extends z.ZodType>(path: string, item: T): Promise<readonly z.output<T>[]> {
    const answer = await this.#send("GET", path);
    if (!answer.ok) throw new Error(`the embedded API server answered ${answer.status} to GET ${path}`);
    return z.object({ items: z.array(item) }).parse(await answer.json()).items;
  }

  async #send(method: string, path: string, body?: object): Promise<Response> {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const content = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": type } };
    return await fetch(`${this.#url}${path}`, { method, signal: this.#signal, ...content });
  }
}

async function refusal(answer: Response, what: string): Promise<string> {
  const status = StatusBody.parse(parseJSON(await answer.text()) ?? {});
  const causes = status.details?.causes ?? [];
  const lines =
    causes.length === 0 ? [status.message] : causes.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`));
  return [`${what} is refused:`, ...lines.map((line) => `  ${line}`)].join("\n");
}

function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
