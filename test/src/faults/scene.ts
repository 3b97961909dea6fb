import { apiVersion } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import type { LocalMode } from "../local-mode/index.ts";

/** The batch of every fault: two repositories, one after the other, so that one has finished while the other is worked on. */
export const batch = "bump";
export const first = "acme/first";
export const second = "acme/second";
/** Room for three reservations is what a careless retry would need; there is room for one beside what is spent. */
const budgetUSD = "0.60";
const perRunUSD = "0.40";

const read = (...paths: readonly string[]): object => ({ tools: paths.map((path) => ({ name: "read_file", input: { path } })) });
const edit = (path: string): object => ({ tools: [{ name: "edit_file", input: { path, old_text: "1", new_text: "2" } }] });
const look = { tools: [{ name: "get_diff" }] };
const report = (summary: string): object => ({
  tools: [{ name: "report_result", input: { wereChangesNecessary: true, summary, explanation: "Every version is raised." } }],
});

export const scenarios: readonly object[] = [
  { name: "first", when: { repository: first }, turns: [read("version.txt"), edit("version.txt"), look, report("First")] },
  {
    name: "second",
    when: { repository: second },
    turns: [read("a.txt", "b.txt"), edit("a.txt"), edit("b.txt"), look, report("Second")],
    // What is left to do after a try that came as far as a.txt.
    resumed: [read("b.txt"), edit("b.txt"), look, report("Second")],
  },
];

/** Makes both repositories and applies the BatchChange. */
export async function apply(local: LocalMode): Promise<void> {
  const urls = [local.repository(first, { "version.txt": "1\n" }), local.repository(second, { "a.txt": "1\n", "b.txt": "1\n" })];
  await local.api.create(resources.batchChanges, {
    apiVersion,
    kind: "BatchChange",
    metadata: { name: batch },
    spec: {
      prompt: "Raise every version from 1 to 2.",
      repositories: urls.map((url) => ({ url })),
      parallelism: 1,
      agent: { maxCostUSD: perRunUSD },
      budget: { maxCostUSD: budgetUSD },
    },
  });
}
