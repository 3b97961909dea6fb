import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createLog, createMetrics } from "@codybatch/operator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, loadConfig, startDashboard } from "../../../dashboard/server/src/index.ts";
import { installCRDs, must, startControlPlane, type ControlPlane } from "./control-plane.ts";
import { eventually } from "./deadline.ts";

const group = "codybatch.dev";
const people = ["viewer", "approver", "stranger"] as const;

const role = (kind: "Role" | "ClusterRole", metadata: object, rules: readonly object[]) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind,
  metadata,
  rules,
});
const bound = (namespace: string, name: string, account: string) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name: account, namespace },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
  subjects: [{ kind: "ServiceAccount", name: account, namespace: "people" }],
});
const read = (resources: readonly string[]) => ({ apiGroups: [group], resources, verbs: ["get", "list", "watch"] });
const costs = ["batchchanges/transcript", "batchchanges/patch", "batchchanges/cost"];
const batch = (namespace: string, name: string) => ({
  apiVersion: `${group}/v1alpha1`,
  kind: "BatchChange",
  metadata: { name, namespace },
  spec: { prompt: "Move to Node 24.", repositories: [{ url: "https://github.com/acme/api", branch: "HEAD" }] },
});

/** The dashboard's own rights are exactly these; what it shows is decided by those of its viewers. */
const own = [
  role("ClusterRole", { name: "dashboard" }, [
    read(["batchchanges", "changesets"]),
    { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
    { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
  ]),
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "dashboard" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "dashboard" },
    subjects: [{ kind: "ServiceAccount", name: "dashboard", namespace: "people" }],
  },
];

const objects = [
  ...["people", "team-a", "team-b"].map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
  ...["dashboard", ...people].map((name) => ({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "people" } })),
  ...own,
  role("Role", { name: "look", namespace: "team-a" }, [read(["batchchanges"])]),
  bound("team-a", "look", "viewer"),
  ...["team-a", "team-b"].flatMap((namespace) => [
    role("Role", { name: "all", namespace }, [read(["batchchanges", ...costs])]),
    bound(namespace, "all", "approver"),
  ]),
  batch("team-a", "node-24"),
  batch("team-b", "secret-plan"),
];

let plane: ControlPlane;
beforeAll(async () => {
  plane = await startControlPlane();
  await installCRDs(plane);
  must(await plane.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects })));
});
afterAll(() => plane.stop());

const token = async (account: string, ...more: readonly string[]): Promise<string> =>
  must(await plane.kubectl(["-n", "people", "create", "token", account, ...more])).trim();

/** A kubeconfig of the dashboard's own ServiceAccount. */
async function ownKubeconfig(): Promise<string> {
  const config = JSON.parse(must(await plane.kubectl(["config", "view", "--raw", "--minify", "-o", "json"]))) as {
    users: { user: object }[];
  };
  const users = config.users.map((user) => ({ ...user, user: { token: "" } }));
  for (const user of users) user.user.token = await token("dashboard");
  const path = join(dirname(plane.kubeconfig), "dashboard.json");
  await writeFile(path, JSON.stringify({ ...config, users }));
  return path;
}

interface Dashboard {
  readonly get: (path: string, bearer: string) => Promise<{ readonly status: number; readonly body: Record<string, never> }>;
  readonly stop: () => Promise<void>;
}

async function dashboard(env: Readonly<Record<string, string>> = {}): Promise<Dashboard> {
  const ports = { CODYBATCH_DASHBOARD_PORT: "0", CODYBATCH_DASHBOARD_METRICS_PORT: "0" };
  const config = loadConfig({ KUBECONFIG: await ownKubeconfig(), ...ports, ...env });
  const parts = await connect(config, createLog("silent"), createMetrics());
  const running = await startDashboard(config, parts);
  await eventually("the dashboard is ready", () => Promise.resolve(running.ready() || undefined));
  return {
    get: async (path, bearer) => {
      const answer = await fetch(`http://127.0.0.1:${running.port}${path}`, { headers: { authorization: `Bearer ${bearer}` } });
      return { status: answer.status, body: (await answer.json()) as Record<string, never> };
    },
    stop: async () => {
      await running.stop();
      await parts.client.close();
    },
  };
}

test("three people see by their tokens exactly what the API server would allow them", async () => {
  const { get, stop } = await dashboard();
  const names = async (bearer: string): Promise<unknown> => {
    const { status, body } = await get("/api/v1/batchchanges?sort=name", bearer);
    return status === 200 ? (body["items"] as unknown as { name: string }[]).map(({ name }) => name) : status;
  };
  const forUs = "--audience=codybatch-dashboard";
  const [viewer, approver, stranger] = await Promise.all(people.map((name) => token(name, forUs)));
  expect([await names(viewer!), await names(approver!), await names(stranger!)]).toEqual([["node-24"], ["node-24", "secret-plan"], 403]);
  const unseen = await get("/api/v1/namespaces/team-b/batchchanges/secret-plan", viewer!);
  expect(unseen.status).toBe(404);
  const rights = async (bearer: string) => (await get("/api/v1/namespaces/team-a/batchchanges/node-24", bearer)).body["rights"];
  expect(await rights(viewer!)).toEqual({ transcript: false, patch: false, cost: false });
  expect(await rights(approver!)).toEqual({ transcript: true, patch: true, cost: true });
  expect((await get("/api/v1/me", approver!)).body).toMatchObject({ user: "system:serviceaccount:people:approver", everywhere: false });
  await stop();
});

test("a token counts when it is meant for the dashboard, or for the cluster where that is accepted", async () => {
  const [forCluster, forUs, forOthers] = await Promise.all([
    token("viewer"),
    token("viewer", "--audience=codybatch-dashboard"),
    token("viewer", "--audience=https://other.example"),
  ]);
  const open = await dashboard();
  const statusOf = async ({ get }: Dashboard, bearer: string) => (await get("/api/v1/me", bearer)).status;
  expect([await statusOf(open, forCluster), await statusOf(open, forUs), await statusOf(open, forOthers)]).toEqual([200, 200, 401]);
  await open.stop();
  const strict = await dashboard({ CODYBATCH_DASHBOARD_ACCEPT_CLUSTER_TOKENS: "false" });
  expect([await statusOf(strict, forCluster), await statusOf(strict, forUs), await statusOf(strict, forOthers)]).toEqual([401, 200, 401]);
  await strict.stop();
});

test("a token is worthless as soon as its account is gone", async () => {
  const { get, stop } = await dashboard({ CODYBATCH_DASHBOARD_TOKEN_CACHE_SECONDS: "0.1" });
  must(await plane.kubectl(["-n", "people", "create", "serviceaccount", "leaver"]));
  const bearer = await token("leaver", "--audience=codybatch-dashboard");
  expect((await get("/api/v1/me", bearer)).status).toBe(200);
  must(await plane.kubectl(["-n", "people", "delete", "serviceaccount", "leaver"]));
  const refused = await eventually("it is refused", async () => {
    const answer = await get("/api/v1/me", bearer);
    return answer.status === 401 ? answer : undefined;
  });
  expect(refused.body["error"]).toMatchObject({ kind: "Unauthenticated", reason: "TokenRefused" });
  await stop();
});
