import { afterAll, beforeAll, expect, test } from "vitest";
import { kubeconfigWith } from "../chart/identity.ts";
import { batchOf } from "../chart/objects.ts";
import { ChartedOperator } from "../chart/operator.ts";
import { Site } from "../chart/site.ts";
import { must } from "./control-plane.ts";
import { eventually } from "./deadline.ts";

const release = { name: "cody", namespace: "codybatch-system" };
const values = { watchNamespaces: ["team-a"] };
const binding = "codybatch-own-pod.cody.codybatch-system";
const started = new AsyncDisposableStack();
let site: Site;
let operator: ChartedOperator;

// One story: each test goes on from where the one before it ended.
beforeAll(async () => {
  site = started.adopt(await Site.start(), (running) => running.stop());
  await site.makeNamespaces(release.namespace, "team-a");
  must(await site.chart("install", release, { ...values, crds: { install: false } }));
  const token = await site.token(release.namespace, "cody-operator");
  operator = started.use(
    new ChartedOperator({
      KUBECONFIG: await kubeconfigWith(token, site.kubeconfig),
      CODYBATCH_NAMESPACE: release.namespace,
      CODYBATCH_WATCH_NAMESPACES: "team-a",
      CODYBATCH_LEASE_NAME: "cody-operator",
      CODYBATCH_RECORDER_POLICY_BINDING: binding,
      CODYBATCH_HTTP_PORT: "0",
      CODYBATCH_POLL_SECONDS: "1",
    }),
  );
});
afterAll(() => started.disposeAsync());

const said = (words: string): Promise<true> =>
  eventually(words, async () => operator.log.includes(words) || undefined, { seconds: 60, instead: () => operator.log });
const acceptance = (condition: string): Promise<string> =>
  eventually(condition, async () => {
    const path = '{.status.conditions[?(@.type=="Accepted")]}';
    const { stdout } = await site.kubectl(["-n", "team-a", "get", "bc", "one", "-o", `jsonpath=${path}`]);
    return stdout.includes(`"reason":"${condition}"`) ? stdout : undefined;
  });
const jobs = async (): Promise<string> => must(await site.kubectl(["-n", "team-a", "get", "jobs", "-o", "name"]));

test("without CRDs the operator says who installs them, and works once they are there", async () => {
  await said("the CRDs are not installed, for the API server knows no batchchanges.codybatch.dev: an administrator installs the chart");
  expect(operator.log).not.toContain("the operator works");
  must(await site.chart("upgrade", release, values));
  await said("the operator works");
});

test("a binding that only warns, or none at all, keeps everything from running, and the condition says so", async () => {
  const warn = '{"spec":{"validationActions":["Warn"]}}';
  must(await site.kubectl(["patch", "validatingadmissionpolicybinding", binding, "--type=merge", "-p", warn]));
  must(await site.kubectl(["-n", "team-a", "create", "-f", "-"], batchOf("one", { suspend: true })));
  expect(await acceptance("AdmissionPolicyMissing")).toContain(`its binding ${binding} does not deny`);
  must(await site.kubectl(["delete", "validatingadmissionpolicybinding", binding]));
  await eventually("the other words", async () =>
    (await acceptance("AdmissionPolicyMissing")).includes("is not installed. An administrator") ? true : undefined,
  );
  must(await site.kubectl(["-n", "team-a", "patch", "bc", "one", "--type=merge", "-p", '{"spec":{"suspend":false}}']));
  expect(await jobs()).toBe("");
  must(await site.chart("upgrade", release, values));
  await acceptance("Valid");
  await eventually("a Job", async () => (await jobs()) || undefined);
});
