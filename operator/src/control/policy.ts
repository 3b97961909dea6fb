import { z } from "zod";
import type { Client } from "../cluster/client.ts";
import { sleep, type Clock } from "../cluster/clock.ts";
import { ApiError } from "../cluster/errors.ts";
import type { Resource } from "../cluster/resource.ts";
import type { Log } from "../log.ts";
import type { Obstacle } from "../reconcile/observed.ts";

const admission = { group: "admissionregistration.k8s.io", version: "v1" } as const;
const policies: Resource = { ...admission, plural: "validatingadmissionpolicies", kind: "ValidatingAdmissionPolicy" };
const bindings: Resource = { ...admission, plural: "validatingadmissionpolicybindings", kind: "ValidatingAdmissionPolicyBinding" };
const policyName = "codybatch-own-pod";

export interface PolicyOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  /** False in local mode, or where the administrator says `unsafeWithoutAdmissionPolicy`. */
  readonly required: boolean;
  /** The binding that puts the policy into force, where its name is known; undefined: only the policy is looked for. */
  readonly binding: string | undefined;
  /** Namespaces in which the binding must hold; empty for all. */
  readonly namespaces: readonly string[];
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Told when it was installed or taken away. */
  readonly onChange: () => void;
}

/** Whether the policy is in force that keeps each recorder to the ConfigMaps of its own pod. Without it nothing runs. */
export class AdmissionPolicy {
  readonly #options: PolicyOptions;
  readonly #looked = Promise.withResolvers<void>();
  #obstacle: Obstacle | undefined;

  constructor(options: PolicyOptions) {
    this.#options = options;
    this.#obstacle = options.required ? obstacleOf("has not been found yet") : undefined;
  }

  get obstacle(): Obstacle | undefined {
    return this.#obstacle;
  }

  /** Resolves after the first look, or when there will be none; until then nothing is known, and the policy counts as missing. */
  get looked(): Promise<void> {
    return this.#looked.promise;
  }

  /** Asks at once and then again and again until the signal aborts: a policy may be installed, or taken away, at any time. */
  async watch(signal: AbortSignal): Promise<void> {
    const { clock, log, required, interval } = this.#options;
    if (!required) {
      this.#looked.resolve();
      return log.warn("running without the recorder's admission policy: pods could write each other's results");
    }
    while (!signal.aborted) {
      await this.#look();
      this.#looked.resolve();
      await sleep(clock, interval, signal);
    }
    this.#looked.resolve();
  }

  /** What cannot be asked stays as it was; at first it counts as missing. */
  async #look(): Promise<void> {
    try {
      this.#set(await this.#missing());
    } catch (error) {
      this.#options.log.warn({ err: error }, "cannot ask for the recorder's admission policy; trying again");
      if (error instanceof ApiError && error.status === 403 && this.#obstacle !== undefined) {
        this.#set(`cannot be asked for: ${error.message}`);
      }
    }
  }

  #set(fault: string | undefined): void {
    const before = this.#obstacle?.message;
    this.#obstacle = fault === undefined ? undefined : obstacleOf(fault);
    if (before !== this.#obstacle?.message) this.#options.onChange();
  }

  /** What is wrong with policy or binding; undefined when both are in force. */
  async #missing(): Promise<string | undefined> {
    const { client, binding, namespaces } = this.#options;
    if ((await client.get(policies, "", policyName)) === undefined) return "is not installed";
    if (binding === undefined) return undefined;
    const found = await client.get(bindings, "", binding);
    if (found === undefined) return `is not in force: its binding ${binding} is not installed`;
    const fault = faultOf(found, namespaces);
    return fault === undefined ? undefined : `is not in force: its binding ${binding} ${fault}`;
  }
}

function obstacleOf(fault: string): Obstacle {
  const remedy =
    "An administrator installs or upgrades the chart, or, where the release is installed with install=namespace, applies its part for the cluster again (install=cluster, same name, namespace and watchNamespaces).";
  return {
    reason: "AdmissionPolicyMissing",
    message: `The ValidatingAdmissionPolicy ${policyName}, which confines the recorder to its own pod, ${fault}. ${remedy}`,
  };
}

const Expression = z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) });
const Selector = z.strictObject({ matchExpressions: z.array(Expression).default([]) });
const Scope = z.strictObject({
  matchPolicy: z.string().optional(),
  namespaceSelector: Selector.default({ matchExpressions: [] }),
  objectSelector: z.strictObject({}).optional(),
});
const Binding = z.object({
  spec: z.object({
    policyName: z.string(),
    validationActions: z.array(z.string()).default([]),
    matchResources: z.unknown().optional(),
  }),
});

function faultOf(found: unknown, namespaces: readonly string[]): string | undefined {
  const parsed = Binding.safeParse(found);
  if (!parsed.success) return "cannot be read";
  const { spec } = parsed.data;
  if (spec.policyName !== policyName) return `names the policy ${spec.policyName}`;
  if (!spec.validationActions.includes("Deny")) return "does not deny, for its validationActions lack Deny";
  return holdsIn(spec.matchResources ?? {}, namespaces) ? undefined : `does not hold in ${namespaces.join(", ") || "every namespace"}`;
}

/** Only the one form of narrowing that the chart writes is understood; any other could leave a recorder unconfined. */
function holdsIn(scope: unknown, namespaces: readonly string[]): boolean {
  const parsed = Scope.safeParse(scope);
  if (!parsed.success) return false;
  return parsed.data.namespaceSelector.matchExpressions.every(
    ({ key, operator, values }) =>
      key === "kubernetes.io/metadata.name" &&
      operator === "In" &&
      namespaces.length > 0 &&
      namespaces.every((namespace) => values.includes(namespace)),
  );
}
