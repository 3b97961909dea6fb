import type { ContainerState, PodState } from "./state.ts";
import { saveState, withContainer } from "./state.ts";

/** A pod's folder and its state, which is on disk before it is believed. */
export class PodRecord {
  readonly podDir: string;
  private current: PodState;

  constructor(podDir: string, state: PodState) {
    this.podDir = podDir;
    this.current = state;
  }

  get state(): PodState {
    return this.current;
  }

  container(name: string): ContainerState {
    return this.current.containers[name] ?? {};
  }

  async keep(changes: Partial<PodState>): Promise<void> {
    const next = { ...this.current, ...changes };
    await saveState(this.podDir, next);
    this.current = next;
  }

  keepContainer(name: string, container: ContainerState): Promise<void> {
    return this.keep(withContainer(this.current, name, container));
  }
}
