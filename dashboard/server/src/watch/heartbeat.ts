import { sleep, type Client, type Clock } from "@codybatch/operator";

interface HeartbeatOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Told when the API server is gone, and when it is back. */
  readonly onTurn: () => void;
}

/** Notices within seconds that the API server is gone; a watch alone may stay silent for minutes. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #lastAnswer: Date;
  #failures = 0;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#lastAnswer = options.clock.date();
  }

  /** Since when it has not been heard; undefined while it answers. One lost answer says nothing. */
  get silentSince(): Date | undefined {
    return this.#failures < 2 ? undefined : this.#lastAnswer;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { clock, interval } = this.#options;
    while (!this.#stop.signal.aborted) {
      await this.#look();
      await sleep(clock, interval, this.#stop.signal);
    }
  }

  async #look(): Promise<void> {
    const before = this.silentSince === undefined;
    try {
      await this.#options.client.ping();
      this.#lastAnswer = this.#options.clock.date();
      this.#failures = 0;
    } catch {
      this.#failures += 1;
    }
    if (before !== (this.silentSince === undefined)) this.#options.onTurn();
  }
}
