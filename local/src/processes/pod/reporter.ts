import type { Api } from "../api/client.ts";
import { unlessMissing } from "../api/client.ts";
import { paths } from "../api/paths.ts";
import type { Pod } from "../api/pod.ts";
import { isTerminal } from "../api/pod.ts";
import type { PodState } from "./state.ts";
import type { PodStatus, Waiting } from "./status.ts";
import { podStatus } from "./status.ts";

interface Look {
  readonly pod: Pod;
  readonly state: PodState;
  readonly waiting: Waiting;
  readonly now: number;
}

/** Writes one pod's status to the server whenever it differs from what was written before. */
export class StatusReporter {
  private readonly api: Api;
  private written: PodStatus | undefined;

  constructor(api: Api) {
    this.api = api;
  }

  /** A pod that has ended on the server is left as it stands. */
  async report({ pod, state, waiting, now }: Look): Promise<void> {
    if (isTerminal(pod)) return;
    const { metadata, spec } = pod;
    const { uid } = metadata;
    const status = podStatus({ ...pod, status: this.newest(pod) }, state, waiting, now);
    if (JSON.stringify(status) === JSON.stringify(this.written)) return;
    if (spec.nodeName === undefined && this.written === undefined) {
      await unlessMissing(this.api.patch(paths.pod(metadata), { metadata: { uid }, spec: { nodeName: "local" } }));
    }
    await unlessMissing(this.api.patch(`${paths.pod(metadata)}/status`, { metadata: { uid }, status }));
    this.written = status;
  }

  /** The server's status with the conditions last written, which the watch may not have brought yet. */
  private newest({ status }: Pod): Pod["status"] {
    return this.written === undefined ? status : { ...status, conditions: [...this.written.conditions] };
  }
}
