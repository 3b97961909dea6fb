import { annotation } from "@codybatch/crds";
import { afterEach, beforeEach, expect, it } from "vitest";
import { resources } from "../cluster/resource.ts";
import { Bench, type Job } from "./testing/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.startOperator();
});
afterEach(() => bench.close());

const repository = (name: string) => ({ url: `https://github.com/acme/${name}` });

/** Waits until a line such as `name{label="x"} 1` is among the metrics. */
function shows(line: string): Promise<unknown> {
  return bench.until(line, async () => (await bench.scrape()).split("\n").includes(line));
}

async function runs(name: string, number?: string): Promise<Job> {
  const job = await bench.job(name, number);
  await bench.run(job);
  return job;
}

it("counts the batches near the end of their budget as long as they are not finished, and restarts change nothing of it", async () => {
  const money = { agent: { maxCostUSD: "0.25" }, budget: { maxCostUSD: "0.30" } };
  await bench.apply("node-24", { repositories: [repository("api"), repository("web")], parallelism: 1, ...money });
  await shows("codybatch_budgets_nearly_spent 0");
  await bench.finish(await runs("acme/api"));
  await shows("codybatch_budgets_nearly_spent 1");
  await bench.killOperator();
  await bench.startOperator();
  await shows("codybatch_budgets_nearly_spent 1");
  await bench.edit("node-24", { budget: { maxCostUSD: "0.50" } });
  await shows("codybatch_budgets_nearly_spent 0");
  await bench.finish(await runs("acme/web"));
  await bench.until("all of it spent", async () => {
    const status = (await bench.batch("node-24"))?.status;
    return (
      status?.phase === "Succeeded" && status.conditions?.some(({ type, status: is }) => type === "BudgetNearlySpent" && is === "True")
    );
  });
  expect(await bench.scrape()).toContain("\ncodybatch_budgets_nearly_spent 0\n");
});

it("counts each attempt once by outcome and reason, with a 0 from the start for what must not happen, and what is stored", async () => {
  await shows('codybatch_watch_missed_changes_total{resource="jobs"} 0');
  await shows('codybatch_attempts_total{outcome="Failed",reason="ResultLost"} 0');
  await bench.apply("node-24", { repositories: [repository("api"), repository("web")] });
  await bench.finish(await runs("acme/api"));
  await bench.end(await runs("acme/web"), 0);
  await shows('codybatch_attempts_total{outcome="Reported",reason="Reported"} 1');
  await shows('codybatch_attempts_total{outcome="Failed",reason="ResultLost"} 1');
  const { metadata: lost } = await bench.phase("acme/web", "Failed");
  await bench.client.mergePatch(resources.changesets, "team-a", lost.name, { spec: { attempt: 1 } });
  await bench.finish(await runs("acme/web", "1-0"));
  await shows('codybatch_attempts_total{outcome="Reported",reason="Reported"} 2');
  await shows('codybatch_attempts_total{outcome="Failed",reason="ResultLost"} 1');
  const stored = await bench.all(resources.configMaps);
  const bytes = stored.reduce((sum, { metadata }) => sum + Number(metadata.annotations?.[annotation.bytes] ?? 0), 0);
  expect(bytes).toBeGreaterThan(100);
  await shows(`codybatch_results_stored_bytes ${bytes}`);
});
