import { apiVersion } from "@codybatch/crds";
import type { BatchChange } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import type { KubeObject } from "@codybatch/operator";
import { openPlainApi } from "../../cluster/api.ts";
import type { Api } from "../../cluster/api.ts";
import { eventually } from "../../cluster/deadline.ts";
import { isComplete, patience } from "../../local-mode/index.ts";
import { bystander } from "./watch.ts";

const batch = "batch";
const repositories = ["one", "two", "three"];

type Kind = keyof typeof resources;

/** Whoever applies and deletes the batch; no fault strikes these requests. */
export class User {
  readonly api: Api;

  constructor(url: string) {
    this.api = bystanding(openPlainApi(url));
  }

  async apply(): Promise<void> {
    await this.api.must("POST", pathOf("batchChanges"), {
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

  async remove(kind: Kind = "batchChanges", name: string = batch): Promise<void> {
    await this.api.must("DELETE", pathOf(kind, name));
  }

  async list<T extends object = KubeObject>(kind: Kind): Promise<readonly T[]> {
    return (await this.api.must("GET", pathOf(kind)))["items"] as readonly T[];
  }

  /** The batch is complete, its Jobs, which are kept for no time at all, are gone, and what happens beside has happened. */
  async untilOver(beside: Promise<void> | undefined): Promise<void> {
    await beside;
    let last: unknown;
    const look = async (): Promise<true | undefined> => {
      const found = (await this.api.must("GET", pathOf("batchChanges", batch))) as unknown as BatchChange;
      last = found.status;
      return isComplete(found) && (await this.list("jobs")).length === 0 ? true : undefined;
    };
    await eventually("the batch is over", look, { ...patience, instead: () => last });
  }

  /** Names of the Jobs, once there are so many and all have ended. */
  async untilJobsEnded(count: number): Promise<readonly string[]> {
    return eventually(`${count} Jobs have ended`, async () => {
      const jobs = await this.list<KubeObject & { readonly status: { readonly conditions?: readonly unknown[] } }>("jobs");
      const isOver = jobs.length === count && jobs.every(({ status }) => (status.conditions ?? []).length > 0);
      return isOver ? jobs.map(({ metadata }) => metadata.name) : undefined;
    });
  }

  /** Nothing is left of a deleted batch. */
  async untilNothingIsLeft(): Promise<void> {
    let left: readonly string[] = [];
    const look = async (): Promise<true | undefined> => {
      const kinds = ["batchChanges", "changesets", "jobs", "pods", "configMaps"] as const;
      const lists = await Promise.all(kinds.map((kind) => this.list(kind)));
      left = lists.flat().map(({ metadata }) => metadata.name);
      return left.length === 0 ? true : undefined;
    };
    await eventually("nothing is left", look, { ...patience, instead: () => left });
  }
}

function bystanding(api: Api): Api {
  const marked = (path: string): string => `${path}${path.includes("?") ? "&" : "?"}fieldManager=${bystander}`;
  return {
    call: (method, path, ...rest) => api.call(method, marked(path), ...rest),
    must: (method, path, ...rest) => api.must(method, marked(path), ...rest),
    close: () => api.close(),
  };
}

function pathOf(kind: Kind, name = ""): string {
  const { group, version, plural } = resources[kind];
  return `${group === "" ? "/api" : `/apis/${group}`}/${version}/namespaces/default/${plural}${name === "" ? "" : `/${name}`}`;
}
