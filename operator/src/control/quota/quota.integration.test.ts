import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resources } from "../../cluster/resource.ts";
import { ledgerName } from "../../reconcile/quota/stored.ts";
import { Bench } from "../testing/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const home = "codybatch-system";
const repository = (name: string) => ({ url: `https://github.com/acme/${name}` });
const month = () => new Date().toISOString().slice(0, 7);
const quota = (maxCostUSD: number | string, period = "month") => ({
  CODYBATCH_QUOTAS: JSON.stringify([{ namespaces: ["team-*"], period, maxCostUSD }]),
});

/** What the ledger says, the times of its reservations left out. */
async function ledger(): Promise<{ readonly spent: readonly string[]; readonly open: readonly string[] }> {
  const found = await bench.client.get(resources.configMaps, home, ledgerName("team-a", month()));
  const entries = Object.entries((found?.["data"] ?? {}) as Record<string, string>);
  return {
    spent: entries.filter(([key]) => key.startsWith("spent.")).map(([, text]) => text),
    open: entries.filter(([key]) => key.startsWith("open.")).map(([key, text]) => `${key.slice(5)} ${JSON.parse(text).maxCostUSD}`),
  };
}

const jobs = () => bench.all(resources.jobs);
const waiting = async (reason = "WaitingForQuota") => (await bench.changesets()).filter(({ status }) => status?.reason === reason);

describe("a namespace's quota", () => {
  it("lets one of two batches have the last dollar, and the other go on with what the first leaves", async () => {
    await bench.startOperator({ env: quota("3.50") });
    await Promise.all([
      bench.apply("one", { repositories: [repository("api")] }),
      bench.apply("two", { repositories: [repository("web")] }),
    ]);
    const [late] = await bench.until("one to wait", async () => (await waiting()).length === 1 && waiting());
    const [first, ...more] = await bench.until("a Job", async () => (await jobs()).length > 0 && (await jobs()));
    expect(more).toEqual([]);
    expect(await ledger()).toEqual({ spent: [], open: [`${first!.metadata.name} 2.00`] });
    expect(late!.status?.message).toMatch(
      /^This attempt may cost \$2\.00, which does not fit the quota of \$3\.50 a month for namespace team-a: \$0\.00 are spent and \$2\.00 reserved\. It renews at \d{4}-\d\d-01T00:00:00Z\. Wait /,
    );
    await bench.run(first as never);
    await bench.finish(first as never);
    const second = await bench.job(late!.spec.repository.name);
    expect(await ledger()).toEqual({ spent: ["0.25"], open: [`${second.metadata.name} 2.00`] });
  });

  it("holds however many batches ask at once", async () => {
    await bench.startOperator({ env: { ...quota(6), CODYBATCH_WORKERS: "8" } });
    await Promise.all(Array.from({ length: 10 }, (_, index) => bench.apply(`batch-${index}`, { repositories: [repository(`r${index}`)] })));
    await bench.until("the others to wait", async () => (await waiting()).length === 7);
    expect(await jobs()).toHaveLength(3);
    expect((await ledger()).open).toHaveLength(3);
  });

  it("is not given back by deleting and applying again, nor by a restart", async () => {
    await bench.startOperator({ env: quota(3) });
    const first = await bench.apply("node-24", { repositories: [repository("api")] });
    const job = await bench.job("acme/api");
    await bench.run(job);
    await bench.finish(job, { usage: { turns: 3, input: 1, output: 1, cacheRead: 0, cacheWrite: 0, costNanoUSD: 1_500_000_000 } });
    await bench.until("the end to be settled", async () => (await ledger()).spent[0] === "1.50");
    await bench.client.remove(resources.batchChanges, "team-a", "node-24", first.metadata.uid);
    await bench.until("it to go", async () => (await bench.changesets()).length === 0);
    await bench.apply("node-24", { repositories: [repository("api")] });
    await bench.until("it to wait", async () => (await waiting()).length === 1);
    await bench.killOperator();
    await bench.startOperator({ env: quota(3) });
    await bench.until("a pass", async () => (await bench.scrape()).includes("codybatch_quota_waiting_batches 1"));
    expect(await jobs()).toEqual([]);
  });

  it("counts a run whole that is deleted before its end", async () => {
    await bench.startOperator({ env: quota(3) });
    const first = await bench.apply("one", { repositories: [repository("api")] });
    const job = await bench.job("acme/api");
    await bench.run(job);
    await bench.client.remove(resources.batchChanges, "team-a", "one", first.metadata.uid);
    await bench.until("it to go", async () => (await bench.changesets()).length === 0 && (await jobs()).length === 0);
    await bench.apply("two", { repositories: [repository("web")] });
    await bench.until("it to wait", async () => (await waiting()).length === 1);
    expect(await ledger()).toEqual({ spent: ["2.00"], open: [] });
  });

  it("says plainly that a run can never fit", async () => {
    await bench.startOperator({ env: quota(1, "day") });
    await bench.apply("node-24", { repositories: [repository("api")] });
    const [changeset] = await bench.until(
      "the refusal",
      async () => (await waiting("QuotaTooSmall")).length === 1 && waiting("QuotaTooSmall"),
    );
    expect(changeset!.status?.message).toBe(
      "This attempt may cost $2.00, and the quota of $1.00 a day for namespace team-a allows no more than that in all, so it cannot start. Lower spec.agent.maxCostUSD, or ask the administrator for a larger quota.",
    );
    await bench.edit("node-24", { agent: { maxCostUSD: 1 } });
    await bench.job("acme/api");
  });

  it("does not spend what another operator has written down in between", async () => {
    await bench.startOperator({ env: { ...quota(5), CODYBATCH_POLL_SECONDS: "30" } });
    await bench.apply("one", { repositories: [repository("api")] });
    await bench.job("acme/api");
    const data = { [`spent.${new Date().toISOString().slice(0, 10)}`]: "1.50" };
    await bench.client.mergePatch(resources.configMaps, home, ledgerName("team-a", month()), { data });
    await bench.apply("two", { repositories: [repository("web")] });
    const [late] = await bench.until("it to wait", async () => (await waiting()).length === 1 && waiting());
    expect(late!.status?.message).toContain("$1.50 are spent and $2.00 reserved");
    expect(await jobs()).toHaveLength(1);
  });

  it("gives the slot back when a write of the ledger is refused, and starts when it is not", async () => {
    let lost = 0;
    bench.fault = ({ method, path }) => {
      if (method !== "PATCH" || !path.includes("/configmaps/codybatch-quota-") || lost === 2) return undefined;
      lost += 1;
      return { kind: "answer", status: 409, reason: "Conflict" };
    };
    await bench.startOperator({ env: { ...quota(10), CODYBATCH_LIMITS: '{"runningJobs": 2}' } });
    await bench.apply("one", { repositories: [repository("api")] });
    await bench.job("acme/api");
    await bench.apply("two", { repositories: [repository("web")] });
    await bench.job("acme/web");
    expect(lost).toBe(2);
    expect((await ledger()).open).toHaveLength(2);
  });

  it("starts nothing without its ledger, says whom to ask, and goes on when it can be read", async () => {
    const name = ledgerName("team-a", month());
    const made = await bench.create(resources.configMaps, { metadata: { name }, data: { "spent.today": "all of it" } } as never, home);
    await bench.startOperator({ env: quota(10) });
    await bench.apply("node-24", { repositories: [repository("api")] });
    const [changeset] = await bench.until("the wait", async () => (await waiting()).length === 1 && waiting());
    expect(changeset!.status?.message).toContain(`ConfigMap ${name} in namespace ${home}, cannot be read or written`);
    await bench.client.remove(resources.configMaps, home, name, made.metadata.uid);
    await bench.job("acme/api");
  });

  it("keeps what is reserved for a Job that the API server refuses, and uses it when it takes it", async () => {
    let refusals = Infinity;
    bench.fault = ({ method, path }) =>
      method === "POST" && path.endsWith("/jobs") && refusals > 0 ? { kind: "answer", status: 403 } : undefined;
    await bench.startOperator({ env: quota(3) });
    await bench.apply("node-24", { repositories: [repository("api")] });
    await bench.until("the refusal", async () => (await waiting("PodRefused")).length === 1);
    expect((await ledger()).open).toHaveLength(1);
    refusals = 0;
    const job = await bench.job("acme/api");
    expect((await ledger()).open).toEqual([`${job.metadata.name} 2.00`]);
  });

  it("gives back what was reserved for a Job that never was, once that is sure", async () => {
    bench.fault = ({ method, path }) => (method === "POST" && path.endsWith("/jobs") ? { kind: "answer", status: 403 } : undefined);
    await bench.startOperator({ env: { ...quota(3), CODYBATCH_EXPECTATION_SECONDS: "0.5" } });
    await bench.apply("one", { repositories: [repository("api")] });
    await bench.until("the reservation", async () => (await ledger()).open.length === 1);
    await bench.edit("one", { suspend: true });
    await bench.until("the rest", async () => (await waiting("Suspended")).length === 1);
    bench.fault = () => undefined;
    await bench.apply("two", { repositories: [repository("web")] });
    const job = await bench.job("acme/web");
    expect(await ledger()).toEqual({ spent: [], open: [`${job.metadata.name} 2.00`] });
  });

  it("costs one write before the Jobs of a pass and one for each end, and none where there is no quota", async () => {
    const writes: string[] = [];
    bench.fault = ({ method, path }) => {
      if (path.includes("codybatch-quota-")) writes.push(method);
      if (method === "POST" && path.endsWith(`/namespaces/${home}/configmaps`)) writes.push(method);
      return undefined;
    };
    const repositories = ["a", "b", "c"].map(repository);
    await bench.startOperator({ env: { CODYBATCH_QUOTAS: JSON.stringify([{ namespaces: ["other-*"], period: "day", maxCostUSD: 1 }]) } });
    await bench.apply("free", { repositories });
    await bench.until("the Jobs", async () => (await jobs()).length === 3);
    expect(writes).toEqual([]);
    await bench.killOperator();
    await bench.startOperator({ env: quota(100) });
    await bench.until("the reservations", async () => (await ledger()).open.length === 3);
    expect(writes.filter((method) => method !== "GET")).toEqual(["POST"]);
    const job = await bench.job("acme/a");
    await bench.run(job);
    await bench.finish(job);
    await bench.until("the end to be settled", async () => (await ledger()).spent[0] === "0.25");
    expect(writes.filter((method) => method !== "GET")).toEqual(["POST", "PATCH"]);
  });
});

describe("the batches of a namespace", () => {
  it("are told at 80 % and when nothing more fits, each once, and waiting ones get what comes free in turn", async () => {
    await bench.startOperator({ env: quota("2.30") });
    await bench.apply("one", { repositories: ["a", "b"].map(repository), parallelism: 1 });
    await bench.apply("two", { repositories: [repository("c")], agent: { maxCostUSD: "0.40" } });
    const cost = (costNanoUSD: number) => ({ usage: { turns: 1, input: 1, output: 1, cacheRead: 0, cacheWrite: 0, costNanoUSD } });
    const a = await bench.job("acme/a");
    await bench.until("two to wait", async () => (await waiting()).some(({ spec }) => spec.repository.name === "acme/c"));
    await bench.run(a);
    await bench.finish(a, cost(1_850_000_000));
    const c = await bench.job("acme/c");
    const near = await bench.until("the first alarm", async () => condition(await bench.batch("one"), "QuotaNearlySpent"));
    expect(near).toMatch(
      /^True MostOfQuotaSpent \$1\.85 are spent \(80 %\) of the quota of \$2\.30 a month for namespace team-a\. It renews/,
    );
    expect(await bench.scrape()).toMatch(/^codybatch_quotas_nearly_spent 1$/m);
    expect(await bench.scrape()).toMatch(/^codybatch_quota_ledger_writes_total\{result="written"\} [1-9]/m);
    const other = await bench.until("the other batch's alarm", async () => condition(await bench.batch("two"), "QuotaNearlySpent"));
    expect(other).toMatch(/^True MostOfQuotaSpent/);
    await bench.run(c);
    await bench.finish(c, cost(400_000_000));
    await bench.until("the second alarm", async () => condition(await bench.batch("one"), "QuotaExceeded")?.startsWith("True QuotaSpent"));
    const events = await bench.all<{ reason: string; regarding: { name: string } }>(resources.events);
    const told = events
      .map(({ reason, regarding }) => `${regarding.name} ${reason}`)
      .filter((one) => one.startsWith("one ") && one.includes("Quota"));
    expect(told.toSorted()).toEqual(["one MostOfQuotaSpent", "one QuotaSpent"]);
  });
});

function condition(batch: Awaited<ReturnType<Bench["batch"]>>, wanted: string): string | undefined {
  const found = batch?.status?.conditions?.find(({ type }) => type === wanted);
  return found && `${found.status} ${found.reason} ${found.message}`;
}
