import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { chartFolder, required } from "../chart/chart.ts";
import { batchOf } from "../chart/objects.ts";
import { verdict } from "../chart/site.ts";
import { must } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/deadline.ts";
import { isTurn } from "../local-mode/claude.ts";
import { changes, scenario } from "../story/model.ts";
import { Person } from "./person.ts";
import { agentRuns, podsOf } from "./pod.ts";
import { Stage } from "./stage.ts";

const names = ["helm-a", "helm-b"] as const;
let first: Stage;
let second: Stage;
/** The first stage's git host. */
let host: string;
// One story: each test goes on from where the one before it ended.
beforeAll(async () => {
  const scenarios = [scenario("any", {}, ...changes())];
  first = await Stage.open({ name: names[0], scenarios, values: { jobs: { running: 1 } } });
  second = await Stage.open({ name: names[1], scenarios });
  host = new URL(first.repository("acme/any")).origin;
});
afterAll(async () => {
  await first.close();
  await second.close();
});
afterEach(async ({ task }) => {
  for (const stage of [first, second]) await stage.tellFailure(task);
});

test("helm lint finds nothing, not even a warning", async () => {
  const { stdout } = await first.site.helm(["lint", "--strict", chartFolder], required);
  expect(stdout).toContain("1 chart(s) linted, 0 chart(s) failed");
  expect(stdout).not.toMatch(/WARNING|ERROR/);
});

test("helm test passes when the operator works, and says so", async () => {
  const { name, namespace } = first.release;
  expect(must(await first.site.helm(["test", name, "-n", namespace, "--timeout", "3m"]))).toMatch(/Phase:\s+Succeeded/);
});

test("two releases run a batch each at the same time, and neither has to do with the other's namespace", async () => {
  const batches = [first, second].map((stage) => stage.batch("both").create([stage.repository("both/one"), stage.repository("both/two")]));
  await Promise.all((await Promise.all(batches)).map((batch) => batch.reaches("Succeeded")));
  for (const [stage, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const { name, namespace } = stage.release;
    const log = must(await stage.site.kubectl(["-n", namespace, "logs", `deployment/${name}-operator`]));
    expect(log).toContain(`${stage.namespace}/both`);
    expect(log).not.toContain(other.namespace);
    expect(log).not.toMatch(/forbidden/i);
    const operator = stage.site.as(`system:serviceaccount:${namespace}:${name}-operator`);
    for (const question of ["get changesets", "create jobs", "list pods", "get configmaps", "get secrets"]) {
      const { stdout } = await operator(["-n", other.namespace, "auth", "can-i", ...question.split(" ")]);
      expect({ question, answer: stdout.trim() }).toEqual({ question, answer: "no" });
    }
  }
});

/** Whether so many repositories are let in. */
async function tries(count: number): Promise<string> {
  const repositories = Array.from({ length: count }, (_, index) => ({ url: `${host}/many/r${index}` }));
  return verdict(
    await first.site.kubectl(["-n", first.namespace, "create", "--dry-run=server", "-f", "-"], batchOf("many", { repositories })),
  );
}

async function liveSeconds(repository: string): Promise<string> {
  const [pod] = await podsOf(first, repository);
  const path = `{.spec.containers[0].env[?(@.name=="CODYBATCH_LIVE_SECONDS")].value}`;
  return (await first.kubectl("get", "pod", pod!.metadata.name, "-o", `jsonpath=${path}`)).stdout;
}

test("an upgrade changes limits, runner and Jobs at once, and a batch in mid-run ends with its first Job", async () => {
  const repositories = ["mid/a", "mid/b", "mid/c"];
  const holds = repositories.map((name) => first.claude.hold("before", isTurn(name, 1)));
  const batch = await first.batch("mid").create(repositories.map((name) => first.repository(name)));
  await holds[0]!.reached();
  await batch.ends("mid/b", "Pending", "WaitingForSlot");
  await first.upgrade({ limits: { maxRepositories: 3 }, jobs: { running: 3 }, runner: { env: { CODYBATCH_LIVE_SECONDS: "2" } } });
  await eventually("the lower limit holds", async () => (await tries(4)).includes("4 repositories are more than the 3") || undefined);
  await Promise.all(holds.map((hold) => hold.reached()));
  await Promise.all(repositories.map((name) => agentRuns(first, name)));
  expect([await liveSeconds("mid/a"), await liveSeconds("mid/b")]).toEqual(["1", "2"]);
  for (const hold of holds) hold.release();
  await batch.reaches("Succeeded");
  const attempts = (await batch.changesets()).map(({ status }) => status?.attempts?.map(({ outcome }) => outcome));
  expect(attempts).toEqual([["Reported"], ["Reported"], ["Reported"]]);
});

/** What a user has of a batch. */
async function kept(): Promise<string> {
  const { stdout } = await first.kubectl(
    "get",
    "bc,cset,cm",
    "-o",
    'jsonpath={range .items[*]}{.kind} {.metadata.name} {.status.phase}{"\\n"}{end}',
  );
  return stdout;
}

test("a rollback brings the old limits back, and neither it nor an uninstall takes a result away", async () => {
  const { name, namespace } = first.release;
  const before = await kept();
  expect(before).toMatch(/BatchChange mid Succeeded\n[^]*ConfigMap mid-\S+-patch/);
  must(await first.site.helm(["rollback", name, "1", "-n", namespace]));
  await eventually("the old limit holds", async () => (await tries(4)) === "allowed" || undefined);
  expect(await kept()).toBe(before);
  must(await first.site.helm(["uninstall", name, "-n", namespace]));
  expect(await kept()).toBe(before);
  const { stdout } = await first.kubectl(
    "get",
    "cset",
    "-l",
    "codybatch.dev/batch-change=mid",
    "-o",
    "jsonpath={.items[0].status.message}",
  );
  const [, read] = /Read it: (kubectl .*)$/.exec(stdout) ?? [];
  expect(await new Person(first).does(read!)).toContain("+++ b/NEW.md");
});

test("somebody with the rights of one namespace installs there what an administrator has prepared, and runs a batch to its end", async () => {
  const { site } = second;
  const release = { name: "helm-mine", namespace: "helm-mine" };
  await site.makeNamespaces(release.namespace);
  const inMine = (...args: readonly string[]): readonly string[] => ["-n", release.namespace, ...args];
  must(await site.kubectl(inMine("create", "rolebinding", "ned", "--clusterrole=admin", "--user=ned")));
  const values = { ...second.values, watchNamespaces: [release.namespace], networkPolicy: { apiServer: await apiServer() } };
  const manifest = must(
    await site.helm(["template", release.name, chartFolder, "-n", release.namespace], { ...values, install: "cluster" }),
  );
  must(await site.applyText(manifest));
  const ned = site.as("ned");
  await eventually("the installer's right is a part of admin", async () => {
    const { stdout } = await ned(inMine("auth", "can-i", "bind", `clusterroles/codybatch-operator.${release.name}.${release.namespace}`));
    return stdout.trim() === "yes" || undefined;
  });
  must(await site.chart("install", release, { ...values, install: "namespace" }, "ned"));
  must(await ned(inMine("create", "secret", "generic", "anthropic", "--from-literal=api-key=stand-in")));
  must(await ned(inMine("create", "-f", "-"), batchOf("mine", { repositories: [{ url: second.repository("mine/api") }] })));
  const ended = await ned(inMine("wait", "bc/mine", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=180s"));
  expect(verdict(ended)).toBe("allowed");
  must(await site.helm(["uninstall", release.name, "-n", release.namespace], undefined, "ned"));
  must(await site.kubectl(["delete", "namespace", release.namespace, "--timeout=120s"]));
  must(
    await site.kubectl([
      "delete",
      "clusterrole,clusterrolebinding,validatingadmissionpolicy,validatingadmissionpolicybinding",
      "-l",
      `app.kubernetes.io/instance=${release.name}`,
    ]),
  );
});

/** What install.md tells an administrator to give the team. */
async function apiServer(): Promise<readonly object[]> {
  const path = "{.items[0].endpoints[0].addresses[0]} {.items[0].ports[0].port}";
  const args = ["-n", "default", "get", "endpointslice", "-l", "kubernetes.io/service-name=kubernetes", "-o", `jsonpath=${path}`];
  const [address, port] = must(await second.site.kubectl(args)).split(" ");
  return [
    { cidr: "10.96.0.1/32", port: 443 },
    { cidr: `${address}/32`, port: Number(port) },
  ];
}
