import { group } from "@codybatch/crds";
import type { Needs } from "@codybatch/dashboard-contract";
import type { Clock } from "@codybatch/operator";
import { Expiring } from "./expiring.ts";
import { reviewAccess, type Ask } from "./review.ts";
import { keyOf, type Viewer } from "./viewer.ts";

/** What the dashboard asks the API server about; those with a slash exist for these questions alone. */
export type Right = "list" | "get" | "transcript" | "patch" | "cost";

const asked: Readonly<Record<Right, { readonly verb: string; readonly resource: string }>> = {
  list: { verb: "list", resource: "batchchanges" },
  get: { verb: "get", resource: "batchchanges" },
  transcript: { verb: "get", resource: "batchchanges/transcript" },
  patch: { verb: "get", resource: "batchchanges/patch" },
  cost: { verb: "get", resource: "batchchanges/cost" },
};

/** What an administrator would have to give; `namespace` undefined for all. */
export function needsOf(right: Right, namespace?: string): Needs {
  return { ...asked[right], group, ...(namespace === undefined ? {} : { namespace }) };
}

/** Whether a namespace is among those that somebody has a right in. */
export interface Reach {
  readonly everywhere: boolean;
  readonly has: (namespace: string) => boolean;
}

/** Who may see what, by SubjectAccessReview, kept for a while by viewer. */
export class Rights {
  readonly #ask: Ask;
  readonly #answers: Expiring<boolean>;

  /** `keep` in milliseconds. */
  constructor(ask: Ask, clock: Clock, keep: number) {
    this.#ask = ask;
    this.#answers = new Expiring(clock, keep, 50_000);
  }

  /** `namespace` undefined asks for all namespaces at once. */
  may(viewer: Viewer, right: Right, namespace?: string): Promise<boolean> {
    if (viewer.unrestricted === true) return Promise.resolve(true);
    const key = `${right} ${namespace ?? ""} ${keyOf(viewer)}`;
    return this.#answers.get(key, () => reviewAccess(this.#ask, viewer, needsOf(right, namespace)));
  }

  /** Of these namespaces, those in which the viewer has the right. */
  async reach(viewer: Viewer, right: Right, namespaces: readonly string[]): Promise<Reach> {
    if (await this.may(viewer, right)) return { everywhere: true, has: () => true };
    const answers = await Promise.all(namespaces.map(async (namespace) => [namespace, await this.may(viewer, right, namespace)] as const));
    const allowed = new Set(answers.flatMap(([namespace, is]) => (is ? [namespace] : [])));
    return { everywhere: false, has: (namespace) => allowed.has(namespace) };
  }
}
