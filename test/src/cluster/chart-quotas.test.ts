import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { kubeconfigWith } from "../chart/identity.ts";
import { batchOf } from "../chart/objects.ts";
import { ChartedOperator } from "../chart/operator.ts";
import { Site } from "../chart/site.ts";
import { must } from "./control-plane.ts";
import { eventually } from "./deadline.ts";

const release = { name: "cody", namespace: "codybatch-system" };
const account = `system:serviceaccount:${release.namespace}:cody-operator`;
const values = { watchNamespaces: ["team-a"] };
const quotas = [{ namespaces: ["team-*"], period: "month", maxCostUSD: "3.50" }];
const month = new Date().toISOString().slice(0, 7);
const old = `codybatch-quota-team-a-${Number(month.slice(0, 4)) - 2}-12`;
const started = new AsyncDisposableStack();
let site: Site;

beforeAll(async () => {
  site = started.adopt(await Site.start(), (running) => running.stop());
  await site.makeNamespaces(release.namespace, "team-a");
  must(await site.chart("install", release, values));
});
afterAll(() => started.disposeAsync());

/** What the operator's account may do with ConfigMaps of a namespace. */
async function rightsIn(namespace: string): Promise<string> {
  const verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
  const may = async (verb: string): Promise<boolean> =>
    (await site.as(account)(["-n", namespace, "auth", "can-i", verb, "configmaps"])).stdout.trim() === "yes";
  const answers = await Promise.all(verbs.map(async (verb) => ((await may(verb)) ? [verb] : [])));
  return answers.flat().join(" ");
}

const get = async (namespace: string, ...args: readonly string[]): Promise<string> =>
  must(await site.kubectl(["-n", namespace, "get", ...args]));
const Stored = z.object({ data: z.record(z.string(), z.string()).default({}) });
const ledger = async () =>
  Stored.parse(JSON.parse(await get(release.namespace, "cm", `codybatch-quota-team-a-${month}`, "-o", "json"))).data;

test("without quotas the operator has no right in its own namespace but on its Lease", async () => {
  expect(await rightsIn(release.namespace)).toBe("");
});

test("with quotas it has those of the ledgers there, and nowhere else more than before", async () => {
  const before = await rightsIn("team-a");
  must(await site.chart("upgrade", release, { ...values, quotas }));
  await eventually("the rights hold", async () => (await rightsIn(release.namespace)) !== "" || undefined);
  expect(await rightsIn(release.namespace)).toBe("get list create patch delete");
  expect(await rightsIn("team-a")).toBe(before);
  const secrets = await site.as(account)(["-n", release.namespace, "auth", "can-i", "get", "secrets"]);
  expect(secrets.stdout.trim()).toBe("no");
});

test("these are enough to keep the ledger, to hold two batches to it and to prune old ones", async () => {
  const labels = { "codybatch.dev/quota-of": "team-a" };
  const metadata = { name: old, namespace: release.namespace, labels };
  must(await site.kubectl(["create", "-f", "-"], { apiVersion: "v1", kind: "ConfigMap", metadata }));
  await using operator = new ChartedOperator({
    ...(await environment()),
    KUBECONFIG: await kubeconfigWith(await site.token(release.namespace, "cody-operator"), site.kubeconfig),
    CODYBATCH_HTTP_PORT: "0",
    CODYBATCH_POLL_SECONDS: "1",
    CODYBATCH_RESULT_WAIT_SECONDS: "1",
  });
  const instead = { instead: () => operator.log };
  for (const name of ["one", "two"]) must(await site.kubectl(["-n", "team-a", "create", "-f", "-"], batchOf(name)));
  const reasons = () => get("team-a", "cset", "-o", "jsonpath={range .items[*]}{.spec.batchChange}={.status.reason} {end}");
  const late = await eventually("one to wait", async () => /(\w+)=WaitingForQuota/.exec(await reasons())?.[1], instead);
  const first = await eventually(
    "the other's Job",
    async () => (await get("team-a", "jobs", "-o", "jsonpath={.items[*].metadata.name}")) || undefined,
    instead,
  );
  expect(first).not.toContain(" ");
  expect(await ledger()).toEqual({ [`open.${first}`]: expect.stringContaining('"maxCostUSD":"2.00"') });
  const other = late === "one" ? "two" : "one";
  must(await site.kubectl(["-n", "team-a", "patch", "bc", other, "--type=merge", "-p", '{"spec":{"cancel":true}}']));
  const settled = async () => (Object.keys(await ledger()).includes(`open.${first}`) ? undefined : true);
  await eventually("the run to be settled", settled, { seconds: 60, ...instead });
  expect(Object.keys(await ledger()).filter((key) => key.startsWith("spent."))).toHaveLength(1);
  expect(await get(release.namespace, "cm", "-o", "name")).not.toContain(old);
  expect(operator.log).not.toMatch(/forbidden|"status":403/i);
});

const Deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.tuple([z.object({ env: z.array(z.object({ name: z.string(), value: z.string().optional() })) })]) }),
    }),
  }),
});

/** The operator's environment as the chart writes it. */
async function environment(): Promise<Record<string, string>> {
  const stored = Deployment.parse(JSON.parse(await get(release.namespace, "deployment", "cody-operator", "-o", "json")));
  const [{ env }] = stored.spec.template.spec.containers;
  return Object.fromEntries(env.map(({ name, value }) => [name, value ?? release.namespace]));
}
