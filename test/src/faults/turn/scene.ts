import { apiVersion } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { startLocalMode } from "../../local-mode/index.ts";
import type { LocalMode } from "../../local-mode/index.ts";
import { strike } from "../moments.ts";
import type { At } from "../moments.ts";
import { untilQuiet } from "../run.ts";
import type { Fault } from "../run.ts";

/** What happens to the run of one repository. */
export interface Strike {
  readonly repository: string;
  readonly at: At;
  readonly blow: Fault;
}

const batch = "steps";
/** All repositories of the batch, four at a time, on a machine with other work. */
const patience = { seconds: 900 } as const;
export const perRunNanoUSD = 400_000_000;

const read = { tools: ["a.txt", "b.txt", "c.txt"].map((path) => ({ name: "read_file", input: { path } })) };
const edit = (...paths: readonly string[]): object => ({
  say: "Now these.",
  tools: paths.map((path) => ({ name: "edit_file", input: { path, old_text: "1", new_text: "2" } })),
});
const look = { tools: [{ name: "get_diff" }] };
const report = {
  tools: [{ name: "report_result", input: { wereChangesNecessary: true, summary: "Raised.", explanation: "Every version is raised." } }],
};

const scenario = {
  name: "steps",
  turns: [read, edit("a.txt", "c.txt"), edit("b.txt"), look, report],
  // An edit that the earlier try made already fails and does no harm.
  resumed: [read, edit("a.txt", "c.txt", "b.txt"), look, report],
};

/** Runs a batch over one repository for each strike, waits until all is quiet, and gives what went wrong with each strike itself. */
export async function runStruck(
  strikes: readonly Strike[],
): Promise<{ readonly local: LocalMode; readonly missed: ReadonlyMap<string, unknown> }> {
  const local = await startLocalMode({ scenarios: [scenario], keepVolumes: true, stepwise: true });
  const missed = new Map<string, unknown>();
  const struck = strikes.map(({ repository, at, blow }) =>
    strike(at, blow, patience.seconds)(local).catch((error: unknown) => void missed.set(repository, error)),
  );
  try {
    await apply(local, strikes);
    await Promise.all(struck);
    await local.api.untilComplete(batch, patience);
    await untilQuiet(local);
    return { local, missed };
  } catch (error) {
    console.error(local.logs());
    await local.stop();
    throw error;
  }
}

async function apply(local: LocalMode, strikes: readonly Strike[]): Promise<void> {
  const urls = strikes.map(({ repository }) => local.repository(repository, { "a.txt": "1\n", "b.txt": "1\n", "c.txt": "1\n" }));
  await local.api.create(resources.batchChanges, {
    apiVersion,
    kind: "BatchChange",
    metadata: { name: batch },
    spec: {
      prompt: "Raise every version from 1 to 2.",
      repositories: urls.map((url) => ({ url })),
      parallelism: 4,
      agent: { maxCostUSD: "0.40" },
      budget: { maxCostUSD: "40.00" },
    },
  });
}
