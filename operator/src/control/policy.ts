import type { Client } from "../cluster/client.ts";
import type { Clock } from "../cluster/clock.ts";
import type { Resource } from "../cluster/resource.ts";
import type { Log } from "../log.ts";
import type { Obstacle } from "../reconcile/observed.ts";

const policies: Resource = {
  group: "admissionregistration.k8s.io",
  version: "v1",
  plural: "validatingadmissionpolicies",
  kind: "ValidatingAdmissionPolicy",
};
const policyName = "codybatch-own-pod";

export interface PolicyOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  /** False in local mode, or where the administrator says `unsafeWithoutAdmissionPolicy`. */
  readonly required: boolean;
}

/** Whether the policy is installed that keeps each recorder to the ConfigMaps of its own pod. Without it nothing runs. */
export class AdmissionPolicy {
  readonly #options: PolicyOptions;
  #obstacle: Obstacle | undefined;

  constructor(options: PolicyOptions) {
    this.#options = options;
  }

  get obstacle(): Obstacle | undefined {
    return this.#obstacle;
  }

  /** Asks the API server. Throws what the client throws. */
  async look(): Promise<void> {
    const { client, log, required } = this.#options;
    if (!required) return log.warn("running without the recorder's admission policy: pods could write each other's results");
    const found = await client.get(policies, "", policyName);
    this.#obstacle = found === undefined ? missing : undefined;
  }
}

const missing: Obstacle = {
  reason: "AdmissionPolicyMissing",
  message: `The ValidatingAdmissionPolicy ${policyName}, which confines the recorder to its own pod, is not installed. Install it with the chart.`,
};
