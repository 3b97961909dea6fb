import type { Changeset, RunEvent } from "@codybatch/crds";
import { formatUSD, label, nanoUSD, patchDigest } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { expect } from "vitest";
import { z } from "zod";
import { git } from "../local-mode/index.ts";
import type { Api } from "../local-mode/api.ts";
import type { Exchange } from "../local-mode/index.ts";
import { served, totalOf } from "../story/served.ts";
import { patchOf, transcriptOf } from "../story/stored.ts";

/** Local mode, or a stage on a node. */
interface Stand {
  readonly api: Api;
  readonly gates: { readonly claude: { readonly exchanges: readonly Exchange[] } };
}

const over: ReadonlySet<string | undefined> = new Set(["Ready", "NoChange", "Failed"]);

/** Waits until the change of a repository is over; it must be Ready. */
export async function untilReady(local: Pick<Stand, "api">, batch: string, repository: string): Promise<Changeset> {
  const isOver = ({ spec, status }: Changeset): boolean => spec.batchChange === batch && over.has(status?.phase);
  const changeset = await local.api.untilChangeset(repository, "is over", isOver, { seconds: 900 });
  expect(changeset.status).toMatchObject({ phase: "Ready", reason: "PatchReady" });
  return changeset;
}

/** The stored patch must turn this checkout of the base, which the run never saw, into the recorded tree, and change these files alone. */
export async function expectAppliesTo(
  checkout: string,
  local: Pick<Stand, "api">,
  changeset: Changeset,
  changes: readonly string[],
): Promise<void> {
  const { patch } = changeset.status!;
  const bytes = await patchOf(local, changeset);
  expect(patchDigest(patch!.baseCommit, bytes)).toBe(patch!.digest);
  expect(git(checkout, ["rev-parse", "HEAD"])).toBe(patch!.baseCommit);
  git(checkout, ["apply", "--index", "--whitespace=nowarn", "-"], bytes);
  expect(git(checkout, ["write-tree"])).toBe(patch!.tree);
  expect(git(checkout, ["diff-index", "--cached", "--name-status", "HEAD"]).split("\n")).toEqual(changes);
}

/** The transcript must be whole, and the cost its turns' sum to the last token, which is what was served. Gives the events. */
export async function expectAccounts(local: Stand, changeset: Changeset): Promise<readonly RunEvent[]> {
  const events = await transcriptOf(local, changeset);
  expect(events[0]).toMatchObject({ kind: "started", version: 1, changeset: changeset.metadata.name });
  expect(events.at(-1)).toMatchObject({ kind: "ended", reason: "Reported" });
  const turns = events.flatMap((event) => (event.kind === "assistant" ? [event.usage] : []));
  const calls = events.flatMap((event) => (event.kind === "assistant" ? toolUses(event.content) : []));
  expect(events.flatMap((event) => (event.kind === "tool" ? [event.toolUseID] : []))).toEqual(calls);
  expect(turns.reduce((sum, { costNanoUSD }) => sum + costNanoUSD!, 0)).toBe(nanoUSD(changeset.status!.usage!.costUSD!));
  const total = totalOf(served(local, [changeset.spec.repository.name]));
  expect(changeset.status!.usage).toEqual(total.shown);
  expect(changeset.status!.chargedNanoUSD).toBe(total.nanoUSD);
  expect(turns).toHaveLength(served(local, [changeset.spec.repository.name]).length);
  return events;
}

const ToolUse = z.object({ type: z.literal("tool_use"), id: z.string() });

function toolUses(content: readonly unknown[]): readonly string[] {
  return content.flatMap((block) => ToolUse.safeParse(block).data?.id ?? []);
}

const Ended = z.object({ terminated: z.object({ startedAt: z.string(), finishedAt: z.string() }) });
const Status = z.object({ name: z.string(), state: Ended });
const Pod = z.object({ status: z.object({ initContainerStatuses: z.array(z.unknown()), containerStatuses: z.array(z.unknown()) }) });

/** Sizes and times of a run, for docs/benchmarks.md. The pod's own times have whole seconds. */
export async function tell(local: Stand, changeset: Changeset, events: readonly RunEvent[], files: number): Promise<void> {
  const { metadata, spec, status } = changeset;
  const [pod] = await local.api.list(resources.pods, `${label.changeset}=${metadata.name}`);
  const { initContainerStatuses, containerStatuses } = Pod.parse(pod).status;
  const lasted = (name: string): string => {
    const found = [...initContainerStatuses, ...containerStatuses].flatMap((one) => Status.safeParse(one).data ?? []);
    const ended = found.find((one) => one.name === name)?.state.terminated;
    return ended === undefined ? "?" : `${(Date.parse(ended.finishedAt) - Date.parse(ended.startedAt)) / 1000} s`;
  };
  const tools = events.flatMap((event) => (event.kind === "tool" ? [`${event.name} ${event.durationMs} ms`] : []));
  const patch = `patch ${status!.patch!.bytes} bytes`;
  const transcript = `transcript ${events.length} events, ${JSON.stringify(events).length} bytes`;
  const what = [
    `${files} files`,
    `clone ${lasted("clone")}`,
    `agent ${lasted("agent")}`,
    patch,
    transcript,
    formatUSD(status!.chargedNanoUSD!),
  ];
  process.stdout.write(
    `real: ${spec.repository.url.split(":")[0]} ${spec.repository.name}: ${what.join(", ")}\n      ${tools.join(", ")}\n`,
  );
}
