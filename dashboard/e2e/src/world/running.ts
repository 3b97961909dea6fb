import { recordKey, recordName } from "@codybatch/crds";
import { urlOf } from "@codybatch/dashboard-contract";
import { resources, type KubeObject } from "@codybatch/operator";
import { at, endedAttempt, eventually, gz, type Stage } from "../../../server/src/testing/stage.ts";
import { batch, ready } from "./world.ts";

const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, turns: 1, costNanoUSD: 1 };

/** The repository's attempt `0-TRY` while it runs. What it has stored is up to the test. */
export class RunningAttempt {
  readonly pod: string;
  readonly #stage: Stage;
  readonly #try: number;
  #owner: KubeObject | undefined;

  constructor(stage: Stage, number = 1) {
    this.#stage = stage;
    this.#try = number;
    this.pod = `${ready.changeset}-0-${number}-pod`;
  }

  /** Of a repository of its own, in a batch of its own. */
  async begin(): Promise<void> {
    await this.#stage.batch(batch.namespace, batch.name, { status: { phase: "Running", counts: { running: 1 } } });
    this.#owner = await this.#stage.changeset(batch.namespace, ready.changeset, batch.name, { status: this.#status });
    await eventually("it is listed", async () => (await this.#stage.get(urlOf("repositories", { params: batch }))).body?.total === 1);
  }

  /** After another attempt of the same repository. */
  async follow(before: RunningAttempt, events: number): Promise<void> {
    this.#owner = before.#owner;
    await this.#report({ ...this.#status, attempts: [before.#ended(events)] });
  }

  /** The recorder's picture of it: these lines are all that there is so far. */
  async store(lines: readonly unknown[], activity = "edit_file src/server.ts"): Promise<void> {
    if (this.#owner === undefined) throw new Error("it has not begun");
    const name = recordName.live(this.pod);
    const record = {
      version: 1,
      ended: "Running",
      transcript: { refs: [name], events: lines.length, bytes: 10, truncated: false },
    };
    const progress = { version: 1, turn: lines.length, activity, usage, updatedAt: at(lines.length) };
    const data = { [recordKey.record]: JSON.stringify(record), [recordKey.progress]: JSON.stringify(progress) };
    const binary = gz.transcript(lines);
    const there = await this.#stage.client.get(resources.configMaps, batch.namespace, name);
    if (there === undefined) await this.#stage.record(this.#owner, "live", { name, data, binary });
    else {
      const binaryData = Object.fromEntries(Object.entries(binary).map(([key, bytes]) => [key, bytes.toString("base64")]));
      await this.#stage.client.mergePatch(resources.configMaps, batch.namespace, name, { data, binaryData });
    }
  }

  /** It reported; its transcript is stored for good. */
  async end(lines: readonly unknown[]): Promise<void> {
    if (this.#owner === undefined) throw new Error("it has not begun");
    await this.#stage.record(this.#owner, "transcript", { name: recordName.transcript(this.pod, 0), binary: gz.transcript(lines) });
    await this.#report({ phase: "Ready", reason: null, job: null, pod: null, attempts: [this.#ended(lines.length)] });
  }

  get #status() {
    return { phase: "Running", reason: "AgentRunning", job: `${ready.changeset}-0-${this.#try}`, pod: { name: this.pod, uid: "pod-uid" } };
  }

  #ended(events: number) {
    const transcript = { refs: [recordName.transcript(this.pod, 0)], events };
    return endedAttempt(this.pod, { try: this.#try, job: `${ready.changeset}-0-${this.#try}`, patch: undefined, transcript });
  }

  async #report(status: object): Promise<void> {
    await this.#stage.client.mergePatch(resources.changesets, batch.namespace, ready.changeset, { status }, "status");
  }
}

/** A turn of the agent that says a word. */
export function said(turn: number, words: string) {
  return {
    kind: "assistant",
    at: at(turn),
    turn,
    messageID: `msg_${turn}`,
    stopReason: "end_turn",
    content: [{ type: "text", text: words }],
    usage,
    durationMs: 5,
  };
}
