/** What the agent takes from the process it runs in. */
export interface AgentPorts {
  /** Aborts when the pod is asked to end. */
  readonly interrupt: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
}
