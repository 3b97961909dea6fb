import type { Client } from "../cluster/client.ts";
import { sleep, type Clock } from "../cluster/clock.ts";
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
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Told when it was installed or taken away. */
  readonly onChange: () => void;
}

/** Whether the policy is installed that keeps each recorder to the ConfigMaps of its own pod. Without it nothing runs. */
export class AdmissionPolicy {
  readonly #options: PolicyOptions;
  #obstacle: Obstacle | undefined;

  constructor(options: PolicyOptions) {
    this.#options = options;
    this.#obstacle = options.required ? missing : undefined;
  }

  get obstacle(): Obstacle | undefined {
    return this.#obstacle;
  }

  /** Asks at once and then again and again until the signal aborts: a policy may be installed, or taken away, at any time. */
  async watch(signal: AbortSignal): Promise<void> {
    const { clock, log, required, interval } = this.#options;
    if (!required) return log.warn("running without the recorder's admission policy: pods could write each other's results");
    while (!signal.aborted) {
      await this.#look();
      await sleep(clock, interval, signal);
    }
  }

  /** What cannot be asked stays as it was; at first it counts as missing. */
  async #look(): Promise<void> {
    const { client, log, onChange } = this.#options;
    try {
      const found = await client.get(policies, "", policyName);
      const before = this.#obstacle;
      this.#obstacle = found === undefined ? missing : undefined;
      if (before !== this.#obstacle) onChange();
    } catch (error) {
      log.warn({ err: error }, "cannot ask for the recorder's admission policy; trying again");
    }
  }
}

const missing: Obstacle = {
  reason: "AdmissionPolicyMissing",
  message: `The ValidatingAdmissionPolicy ${policyName}, which confines the recorder to its own pod, is not installed. Install it with the chart.`,
};
