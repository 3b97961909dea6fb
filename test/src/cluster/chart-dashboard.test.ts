import { createLog, createMetrics } from "@codybatch/operator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { connect, loadConfig, startDashboard } from "../../../dashboard/server/src/index.ts";
import { chartFolder } from "../chart/chart.ts";
import { kubeconfigWith } from "../chart/identity.ts";
import { batchOf, changesetOf } from "../chart/objects.ts";
import { Site, verdict } from "../chart/site.ts";
import { must } from "./control-plane.ts";
import { eventually } from "./deadline.ts";

const release = { name: "cody", namespace: "codybatch-system" };
const started = new AsyncDisposableStack();
let site: Site;

beforeAll(async () => {
  site = started.adopt(await Site.start(), (running) => running.stop());
  await site.makeNamespaces(release.namespace, "team-a", "team-b", "people");
  must(await site.chart("install", release, { dashboard: { namespaces: ["team-a"] } }));
  for (const name of ["viewer", "stranger"]) must(await site.kubectl(["-n", "people", "create", "serviceaccount", name]));
  const binding = ["create", "rolebinding", "viewer", "--clusterrole=codybatch-viewer", "--serviceaccount=people:viewer"];
  must(await site.kubectl(["-n", "team-a", ...binding]));
  for (const namespace of ["team-a", "team-b"]) must(await site.kubectl(["-n", namespace, "create", "-f", "-"], batchOf("one")));
  await addChangeset("team-a");
});
afterAll(() => started.disposeAsync());

/** Made by the operator, whose policy lets nobody else. */
async function addChangeset(namespace: string): Promise<void> {
  const operator = site.as(`system:serviceaccount:${release.namespace}:cody-operator`);
  const uid = must(await site.kubectl(["-n", namespace, "get", "bc", "one", "-o", "jsonpath={.metadata.uid}"]));
  must(await operator(["-n", namespace, "create", "-f", "-"], changesetOf("one-0123456789", { name: "one", uid })));
}

const Deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.tuple([z.object({ env: z.array(z.object({ name: z.string(), value: z.string() })) })]) }),
    }),
  }),
});

/** The dashboard's environment as it is stored, but for the files of its image and its ports. */
async function environment(): Promise<Record<string, string>> {
  const read = await site.kubectl(["-n", release.namespace, "get", "deployment", "cody-dashboard", "-o", "json"]);
  const [{ env }] = Deployment.parse(JSON.parse(must(read))).spec.template.spec.containers;
  const stored = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  const { CODYBATCH_DASHBOARD_WEB_DIR: _, ...rest } = stored;
  const ports = { CODYBATCH_DASHBOARD_HOST: "127.0.0.1", CODYBATCH_DASHBOARD_PORT: "0", CODYBATCH_DASHBOARD_METRICS_PORT: "0" };
  return { ...rest, ...ports };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

test("the dashboard works with the chart's rights and environment, and shows a viewer what the chart's role opens", async () => {
  const own = await kubeconfigWith(await site.token(release.namespace, "cody-dashboard"), site.kubeconfig);
  const config = loadConfig({ ...(await environment()), KUBECONFIG: own });
  const parts = await connect(config, createLog("silent"), createMetrics());
  const running = await startDashboard(config, parts);
  started.defer(async () => {
    await running.stop();
    await parts.client.close();
  });
  await eventually("it has listed everything", () => Promise.resolve(running.ready() || undefined));
  const ask = async (path: string, who: string): Promise<Answer> => {
    const authorization = `Bearer ${await site.token("people", who)}`;
    const answer = await fetch(`http://127.0.0.1:${running.port}/api/v1${path}`, { headers: { authorization } });
    return { status: answer.status, body: await answer.json() };
  };
  const seen = await ask("/batchchanges", "viewer");
  expect(seen).toMatchObject({ status: 200, body: { items: [{ namespace: "team-a", name: "one" }] } });
  expect((await ask("/batchchanges", "stranger")).status).toBe(403);
  const rights = { transcript: true, patch: true, cost: true };
  expect(await ask("/namespaces/team-a/batchchanges/one", "viewer")).toMatchObject({ status: 200, body: { rights, events: [] } });
  expect((await ask("/namespaces/team-a/batchchanges/one/repositories/one-0123456789", "viewer")).status).toBe(200);
  expect((await ask("/namespaces/team-b/batchchanges/one", "viewer")).status).toBe(404);
});

describe("the dashboard's account", () => {
  test.each([
    ["get configmaps", "team-a", "yes"],
    ["get configmaps", "team-b", "no"],
    ["get configmaps", release.namespace, "no"],
    ["list configmaps", "team-a", "no"],
    ["watch changesets", "team-b", "yes"],
    ["get secrets", "team-a", "no"],
    ["patch changesets", "team-a", "no"],
    ["create pods", "team-a", "no"],
    ["create tokenreviews", "team-a", "yes"],
    ["create subjectaccessreviews", "team-a", "yes"],
    ["impersonate users", "team-a", "no"],
  ])("may %s in %s: %s", async (question, namespace, answer) => {
    const dashboard = site.as(`system:serviceaccount:${release.namespace}:cody-dashboard`);
    const { stdout } = await dashboard(["-n", namespace, "auth", "can-i", ...question.split(" ")]);
    expect(stdout.trim()).toBe(answer);
  });
});

test("a team's install says when the administrator has applied its part without the dashboard", async () => {
  const mine = { name: "mine", namespace: "people" };
  const values = { install: "namespace", watchNamespaces: ["people"] };
  const prepared = { ...values, install: "cluster", crds: { install: false }, dashboard: { enabled: false } };
  const manifest = must(await site.helm(["template", mine.name, chartFolder, "-n", mine.namespace], prepared));
  must(await site.applyText(manifest));
  const refused = verdict(await site.chart("install", mine, values));
  expect(refused).toContain(
    "dashboard: the cluster's part of this release was applied without its rights; a cluster administrator must apply it",
  );
  expect(refused).toMatch(/helm template mine charts\/cody-batch -n people --set install=cluster,crds.install=false --set/);
});
