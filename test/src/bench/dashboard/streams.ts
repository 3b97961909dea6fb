import { setTimeout as pause } from "node:timers/promises";
import { resources } from "@codybatch/operator";
import type { Client } from "@codybatch/operator";
import { Agent, request } from "undici";
import { eventually } from "../../cluster/deadline.ts";
import type { Filled } from "./fill.ts";

/** Many tabs at once, each of which notes when it heard of a phase. */
export class DashboardStreams {
  readonly #agent = new Agent({ bodyTimeout: 0, connections: 1000 });
  readonly #heard: number[][] = [];

  static async open(url: string, count: number): Promise<DashboardStreams> {
    const streams = new DashboardStreams();
    await Promise.all(Array.from({ length: count }, (_none, index) => streams.#listen(url, index)));
    return streams;
  }

  /** Changes one batch again and again; milliseconds from the change's sending until each stream heard of it. */
  async hear(client: Client, { large }: Filled, changes: number): Promise<readonly number[]> {
    const delays: number[] = [];
    for (let change = 0; change < changes; change += 1) {
      await pause(1100);
      for (const heard of this.#heard) heard.length = 0;
      const sentAt = performance.now();
      await client.mergePatch(resources.batchChanges, "default", large, { status: { waiting: change + 1 } }, "status");
      await eventually("every stream heard of it", () => Promise.resolve(this.#heard.every((heard) => heard.length > 0) || undefined));
      delays.push(...this.#heard.map(([at = Number.NaN]) => at - sentAt));
    }
    return delays;
  }

  close(): void {
    void this.#agent.destroy();
  }

  async #listen(url: string, index: number): Promise<void> {
    const heard: number[] = [];
    this.#heard[index] = heard;
    const { body } = await request(`${url}/api/v1/stream?topics=batches`, { dispatcher: this.#agent });
    const { promise, resolve } = Promise.withResolvers<void>();
    const read = async (): Promise<void> => {
      for await (const chunk of body) {
        const text = String(chunk);
        if (text.includes("event: snapshot")) resolve();
        if (text.includes("event: batch")) heard.push(performance.now());
      }
    };
    read().catch(() => undefined);
    return promise;
  }
}
