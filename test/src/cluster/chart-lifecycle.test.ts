import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { chartFolder } from "../chart/chart.ts";
import { kubeconfigWith } from "../chart/identity.ts";
import { batchOf, changesetOf } from "../chart/objects.ts";
import { ChartedOperator } from "../chart/operator.ts";
import { Site, verdict } from "../chart/site.ts";
import { must } from "./control-plane.ts";
import { eventually } from "./deadline.ts";

const first = { name: "cody", namespace: "codybatch-system" };
const second = { name: "other", namespace: "codybatch-b" };
const values = { watchNamespaces: ["team-a"] };
const valuesOfSecond = { crds: { install: false }, watchNamespaces: ["team-b"], limits: { maxRepositories: 7 } };
const started = new AsyncDisposableStack();
let site: Site;

// One story: each test goes on from where the one before it ended.
beforeAll(async () => {
  site = started.adopt(await Site.start(), (running) => running.stop());
  await site.makeNamespaces(first.namespace, second.namespace, "team-a", "team-b", "team-n");
});
afterAll(() => started.disposeAsync());

const inA = (...args: readonly string[]): readonly string[] => ["-n", "team-a", ...args];
const get = async (...args: readonly string[]): Promise<string> => must(await site.kubectl(["get", ...args]));
const many = (count: number): object => ({
  repositories: Array.from({ length: count }, (_, index) => ({ url: `https://github.com/acme/r${index}` })),
});
const tryMany = async (namespace: string, count: number): Promise<string> =>
  verdict(await site.kubectl(["-n", namespace, "create", "--dry-run=server", "-f", "-"], batchOf("many", many(count))));

test("an install in a restricted namespace finds the API server, and its pod is let in", async () => {
  const { stdout } = await site.chart("install", first, { ...values, networkPolicy: {} });
  expect(stdout).toContain("Cody Batch works on BatchChanges of team-a.");
  expect(stdout).toContain("kubectl -n team-a create secret generic anthropic --from-literal=api-key=");
  await eventually("the operator's pod is made", async () => (await get("pods", "-n", first.namespace, "-o", "name")) || undefined);
  expect(await get("networkpolicy", "-n", first.namespace, "cody-operator", "-o", "yaml")).toContain("cidr: 10.96.0.1/32");
  await eventually("the limits hold", async () => (await tryMany("team-a", 6)).includes("6 repositories are more than the 5") || undefined);
});

test("the operator carries a BatchChange through with the chart's rights and environment, and is refused nothing", async () => {
  const token = await site.token(first.namespace, "cody-operator");
  await using operator = new ChartedOperator({
    ...(await environmentOf(first)),
    KUBECONFIG: await kubeconfigWith(token, site.kubeconfig),
    CODYBATCH_HTTP_PORT: "0",
    CODYBATCH_KEEP_FINISHED_SECONDS: "1",
    CODYBATCH_KEEP_FAILED_SECONDS: "1",
    CODYBATCH_POLL_SECONDS: "1",
    CODYBATCH_RESULT_WAIT_SECONDS: "1",
    CODYBATCH_KEEP_FAILED_JOBS: "0",
  });
  must(await site.kubectl(inA("create", "-f", "-"), batchOf("whole", { ttlSecondsAfterFinished: 1 })));
  const job = await eventually("a Job", async () => (await get(...inA("jobs", "-o", "name"))).trim() || undefined, {
    instead: () => operator.log,
  });
  expect(await get(...inA("rolebinding", "codybatch-recorder", "-o", "jsonpath={.roleRef.name}"))).toBe("codybatch-recorder");
  await eventually("the pod is let in", async () => (await get(...inA("pods", "-o", "name"))).trim() || undefined);
  must(await site.kubectl(inA("patch", "bc", "whole", "--type=merge", "-p", '{"spec":{"cancel":true}}')));
  await eventually("the Job is gone", async () =>
    (await get(...inA("jobs", "-o", "name"))).includes(job) || undefined ? undefined : true,
  );
  const gone = async (): Promise<true | undefined> => ((await get(...inA("bc", "-o", "name"))) === "" ? true : undefined);
  await eventually("the BatchChange is gone after its time", gone, { seconds: 60, instead: () => operator.log });
  expect(await get(...inA("events", "-o", "jsonpath={.items[*].reportingComponent}"))).toContain("codybatch.dev/operator");
  expect(operator.log).toContain("the operator works");
  expect(operator.log).not.toMatch(/forbidden|"status":403/i);
});

test("upgrade and rollback change limits and keep BatchChanges", async () => {
  must(await site.kubectl(inA("create", "-f", "-"), batchOf("kept")));
  must(await site.chart("upgrade", first, { ...values, limits: { maxRepositories: 6 } }));
  await eventually("the higher limit holds", async () => (await tryMany("team-a", 6)) === "allowed" || undefined);
  expect(await environmentOf(first)).toMatchObject({ CODYBATCH_LIMITS: expect.stringContaining('"maxRepositories":6') });
  must(await site.helm(["rollback", first.name, "1", "-n", first.namespace]));
  await eventually("the lower limit holds", async () => (await tryMany("team-a", 6)).includes("more than the 5") || undefined);
  expect(await get(...inA("bc", "kept", "-o", "name"))).toContain("kept");
});

test("a second release lives beside the first, and neither reaches into the other's namespace", async () => {
  const again = await site.chart("install", second, { ...valuesOfSecond, crds: { install: true } });
  expect(verdict(again)).toMatch(/invalid ownership metadata|cannot be imported into the current release/);
  const both = { ...valuesOfSecond, watchNamespaces: ["team-b", "team-a"] };
  expect(verdict(await site.chart("install --replace", second, both))).toContain(
    "team-a is watched by release cody of namespace codybatch-system already",
  );
  must(await site.chart("install --replace", second, valuesOfSecond));
  await eventually("the second's limit holds", async () => (await tryMany("team-b", 8)).includes("more than the 7") || undefined);
  expect(await tryMany("team-b", 7)).toBe("allowed");
  expect(await tryMany("team-a", 7)).toContain("more than the 5");
  const accounts = { [`${first.namespace}:cody-operator`]: "team-b", [`${second.namespace}:other-operator`]: "team-a" };
  for (const [account, foreign] of Object.entries(accounts)) {
    const { stdout } = await site.as(`system:serviceaccount:${account}`)(["-n", foreign, "auth", "can-i", "--list"]);
    expect(stdout).not.toContain("codybatch.dev");
  }
});

test("uninstall keeps what users own, and a new release takes the kept objects over", async () => {
  const uid = await get(...inA("bc", "kept", "-o", "jsonpath={.metadata.uid}"));
  const operator = site.as(`system:serviceaccount:${first.namespace}:cody-operator`);
  must(await operator(inA("create", "-f", "-"), changesetOf("kept-0123456789", { name: "kept", uid })));
  must(await site.kubectl(inA("create", "configmap", "kept-0123456789-0-0-abcde-result")));
  must(await site.helm(["uninstall", first.name, "-n", first.namespace]));
  expect(await get(...inA("bc,cset,configmap", "-o", "name"))).toMatch(/batchchange.*kept\n.*changeset.*kept-0123456789\n[^]*-result/);
  expect(await get("validatingadmissionpolicybinding", "-o", "name")).not.toContain(first.namespace);
  expect(await tryMany("team-b", 8)).toContain("more than the 7");
  const renamed = { name: "renamed", namespace: first.namespace };
  expect(verdict(await site.chart("install", renamed, values))).toMatch(
    /invalid ownership metadata|cannot be imported into the current release/,
  );
  must(await site.chart("install --replace --take-ownership", renamed, values));
  expect(await get(...inA("bc", "kept", "-o", "name"))).toContain("kept");
  must(await site.helm(["uninstall", renamed.name, "-n", renamed.namespace]));
});

test("somebody with the rights of one namespace installs there what an administrator has prepared", async () => {
  const release = { name: "mine", namespace: "team-n" };
  const ofNamespace = { watchNamespaces: ["team-n"], install: "namespace" };
  must(await site.kubectl(["-n", "team-n", "create", "rolebinding", "ned", "--clusterrole=admin", "--user=ned"]));
  const tooEarly = verdict(await site.chart("install", release, ofNamespace, "ned"));
  expect(tooEarly).toContain("a cluster administrator must first apply the cluster's part for release mine of namespace team-n:");
  expect(tooEarly).toContain(
    "helm template mine charts/cody-batch -n team-n --set install=cluster,crds.install=false --set 'watchNamespaces={team-n}'",
  );
  expect(must(await site.helm(["list", "-n", "team-n", "-q"]))).toBe("");
  const prepared = { ...ofNamespace, install: "cluster", crds: { install: false }, operator: {}, runner: {} };
  const manifest = must(await site.helm(["template", release.name, chartFolder, "-n", release.namespace], prepared));
  must(await site.applyText(manifest));
  await eventually("the installer's right is a part of admin", async () => {
    const { stdout } = await site.as("ned")(["-n", "team-n", "auth", "can-i", "bind", "clusterroles/codybatch-operator.mine.team-n"]);
    return stdout.trim() === "yes" || undefined;
  });
  const wider = await site.chart("install", release, { ...ofNamespace, watchNamespaces: ["team-n", "team-b"] }, "ned");
  expect(verdict(wider)).toContain(
    "the cluster's part of this release holds for team-n, not for team-b; a cluster administrator must apply it again:",
  );
  must(await site.chart("install", release, ofNamespace, "ned"));
  await eventually("the operator's pod is made", async () => (await get("pods", "-n", "team-n", "-o", "name")) || undefined);
  const operator = site.as("system:serviceaccount:team-n:mine-operator");
  expect((await operator(["-n", "team-n", "auth", "can-i", "create", "jobs"])).stdout.trim()).toBe("yes");
  expect((await operator(["-n", "team-b", "auth", "can-i", "create", "jobs"])).stdout.trim()).toBe("no");
  await eventually("its limits hold", async () => (await tryMany("team-n", 6)).includes("more than the 5") || undefined);
  must(await site.helm(["uninstall", release.name, "-n", release.namespace], undefined, "ned"));
});

test("a release for the whole cluster says where change pods have no NetworkPolicy, and its own command mends it", async () => {
  const wide = { name: "wide", namespace: first.namespace };
  const wideValues = { crds: { install: false }, networkPolicy: {} };
  expect(verdict(await site.chart("install", wide, wideValues))).toContain(
    "team-b is watched by release other of namespace codybatch-b already",
  );
  must(await site.helm(["uninstall", second.name, "-n", second.namespace]));
  const { stdout } = await site.chart("install", wide, wideValues);
  expect(stdout).toContain("WARNING: change pods in these namespaces have no NetworkPolicy of this release");
  expect(stdout).toMatch(/reach whatever the cluster lets them reach: team-a\./);
  const [, mend = ""] = /^ +helm (upgrade wide .*)$/m.exec(stdout) ?? [];
  const said = must(await site.helm(mend.replaceAll("'", "").split(" ")));
  expect(said).not.toContain("WARNING");
  expect(said).toContain("NOTE: change pods have a NetworkPolicy in team-a only.");
  expect(await get(...inA("networkpolicy", "-o", "name"))).toContain("wide-change");
  expect(verdict(await site.chart("install", second, valuesOfSecond))).toContain(
    "every namespace is watched by release wide of namespace codybatch-system",
  );
  must(await site.helm(["uninstall", wide.name, "-n", wide.namespace]));
});

const Deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.tuple([z.object({ env: z.array(z.object({ name: z.string(), value: z.string().optional() })) })]) }),
    }),
  }),
});

/** The operator's environment as it is stored. */
async function environmentOf({ name, namespace }: typeof first): Promise<Record<string, string>> {
  const stored = Deployment.parse(JSON.parse(await get("deployment", `${name}-operator`, "-n", namespace, "-o", "json")));
  const { env } = stored.spec.template.spec.containers[0];
  return Object.fromEntries(env.map(({ name: variable, value }) => [variable, value ?? (variable === "POD_NAME" ? "o" : namespace)]));
}
