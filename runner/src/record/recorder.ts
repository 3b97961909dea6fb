import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { RecordInput } from "@codybatch/crds";
import { readInputAs } from "../input/index.ts";
import type { Log } from "../log.ts";
import { makeRedactor } from "../redact/index.ts";
import { Api } from "./api.ts";
import { claimKeeper } from "./claim.ts";
import type { RecorderConfig } from "./config.ts";
import type { Ending } from "./ending.ts";
import { storeEnding } from "./ending.ts";
import { Live } from "./live.ts";
import { Output } from "./output.ts";
import { Presence } from "./presence.ts";
import { purposeOf } from "./purpose.ts";
import { Shelf } from "./shelf.ts";
import { Memory } from "./state.ts";
import { shelfKeeper, TranscriptShipper } from "./transcript.ts";

/** What the recorder takes from the process it runs in. */
export interface RecorderPorts {
  /** Aborts when the pod is asked to end. */
  readonly interrupt: AbortSignal;
  readonly now: () => number;
}

/** Ships what the agent writes to ConfigMaps until the pod ends. Settles after the end is stored and the pod was asked to end. */
export async function runRecorder(config: RecorderConfig, log: Log, ports: RecorderPorts = processPorts()): Promise<void> {
  const input = await readInputAs(RecordInput, config.inputDir);
  const memory = await Memory.open(config.tmpDir, config.pod.uid);
  const api = await Api.open({ url: config.apiURL, tokenDir: config.apiTokenDir, timeoutMs: config.apiTimeoutSeconds * 1000 });
  const presence = await meet(config, memory, ports);
  try {
    if (!memory.state.done) await record({ config, input, log, memory, api, presence, now: ports.now });
    presence.acknowledge();
    if (!ports.interrupt.aborted) await once(ports.interrupt, "abort");
  } finally {
    await presence.close();
    await api.close();
  }
}

function processPorts(): RecorderPorts {
  const controller = new AbortController();
  process.on("SIGTERM", () => controller.abort());
  process.on("SIGINT", () => controller.abort());
  return { interrupt: controller.signal, now: () => performance.now() };
}

async function meet(config: RecorderConfig, memory: Memory, ports: RecorderPorts): Promise<Presence> {
  const presence = new Presence({
    outDir: config.outDir,
    lostMs: config.agentLostSeconds * 1000,
    seen: memory.state.seen,
    onSeen: () => void memory.remember({ seen: true }),
  });
  await presence.listen();
  const interrupt = (): void => presence.interrupt(config.graceSeconds * 1000);
  if (ports.interrupt.aborted) interrupt();
  else ports.interrupt.addEventListener("abort", interrupt, { once: true });
  return presence;
}

interface Recording {
  readonly config: RecorderConfig;
  readonly input: RecordInput;
  readonly log: Log;
  readonly memory: Memory;
  readonly api: Api;
  readonly presence: Presence;
  readonly now: () => number;
}

async function record(recording: Recording): Promise<void> {
  const { memory, presence } = recording;
  const { live, ending } = assemble(recording);
  const over = new AbortController();
  void presence.ended.then(() => over.abort());
  while (!over.signal.aborted) {
    await live.refresh(over.signal);
    await wait(recording.config.pollSeconds * 1000, undefined, { signal: over.signal }).catch(() => undefined);
  }
  await storeEnding({ ...ending, known: live.patch });
  await memory.remember({ done: true });
}

function assemble({ config, input, log, memory, api, now }: Recording): { live: Live; ending: Omit<Ending, "known"> } {
  const pod = config.pod.name;
  const { maxBytes } = input.storage;
  const { resultsDir, terminationDir } = config;
  const redact = makeRedactor();
  const retry = { firstSeconds: config.apiRetrySeconds, log };
  const output = new Output(config.outDir, redact, log);
  const purpose = purposeOf(input);
  const shelf = new Shelf(api, { pod: config.pod, purpose });
  const keeper = resultsDir === undefined ? shelfKeeper(shelf, pod, retry) : claimKeeper(resultsDir, pod, memory);
  const transcript = new TranscriptShipper({ output, redact, memory, keeper });
  const live = new Live({ pod, maxBytes, everyMs: config.liveSeconds * 1000, output, transcript, shelf, log, now });
  return { live, ending: { pod, purpose, maxBytes, resultsDir, terminationDir, output, transcript, shelf, retry, log } };
}
