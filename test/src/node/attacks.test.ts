import { recordName } from "@codybatch/crds";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { labelsOf, recordOf } from "../chart/objects.ts";
import { type Kubectl, verdict } from "../chart/site.ts";
import { isTurn } from "../local-mode/claude.ts";
import { Gate, type Hold } from "../local-mode/gate.ts";
import type { Batch } from "../story/batch.ts";
import { changes, scenario } from "../story/model.ts";
import { Person } from "./person.ts";
import { agentRuns, type Pod, podsOf } from "./pod.ts";
import { Stage } from "./stage.ts";

const secrets = { key: "claude-key-4fd1c0ffee", token: "read-token-4fd1c0ffee" };
let stage: Stage;
let user: Person;
let batch: Batch;
let held: readonly Hold[];
let own: Pod["metadata"];
let other: Pod["metadata"];

/** Two repositories in mid-turn: their agents wait for Claude's first answer, the first one's is the pod that was taken over. */
beforeAll(async () => {
  const limits = { repositoryPatterns: [`http://${inject("node").host}:*/*/*`] };
  stage = await Stage.open({ name: "attacks", scenarios: [scenario("any", {}, ...changes())], values: { limits } });
  user = new Person(stage);
  await stage.kubectl("create", "secret", "generic", "github-read", `--from-literal=token=${secrets.token}`);
  await stage.kubectl("patch", "secret", "anthropic", "-p", JSON.stringify({ stringData: { "api-key": secrets.key } }));
  await stage.kubectl("create", "service", "clusterip", "decoy", "--tcp=80");
  const names = ["acme/own", "acme/other"];
  held = names.map((name) => stage.claude.hold("before", isTurn(name, 0)));
  batch = await stage.batch("one").create(
    names.map((name) => stage.repository(name)),
    { publish: { policy: "OnApproval" } },
  );
  await Promise.all(held.map((hold) => hold.reached()));
  own = (await agentRuns(stage, "acme/own")).metadata;
  other = (await agentRuns(stage, "acme/other")).metadata;
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

/** Runs a program in a container of the pod that was taken over. */
async function inside(container: string, ...program: readonly string[]): Promise<string> {
  return within(own.name, container, ...program);
}

async function within(pod: string, container: string, ...program: readonly string[]): Promise<string> {
  return (await stage.kubectl("exec", pod, "-c", container, "--", ...program)).stdout;
}

const Answer = z.object({ status: z.int(), message: z.string().default("") });
type Answer = z.infer<typeof Answer>;

/** What whoever rules the recorder's container can do with what lies in it. */
const program = `
const { readFileSync } = require("node:fs");
const { request } = require("node:https");
const [method, path, body] = process.argv.slice(1);
const folder = process.env.CODYBATCH_API_TOKEN_DIR;
const headers = { authorization: "Bearer " + readFileSync(folder + "/token", "utf8"), "content-type": "application/json" };
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
const answer = (response) => {
  let text = "";
  response.on("data", (chunk) => { text += chunk; });
  response.on("end", () => console.log(JSON.stringify({ status: response.statusCode, message: JSON.parse(text).message })));
};
request({ host, port, method, path, headers, ca: readFileSync(folder + "/ca.crt") }, answer).end(body);
`;

async function asks(method: string, path: string, body?: object): Promise<Answer> {
  const given = body === undefined ? [] : [JSON.stringify(body)];
  return Answer.parse(JSON.parse(await inside("recorder", "node", "-e", program, method, path, ...given)));
}

const configMaps = (): string => `/api/v1/namespaces/${stage.namespace}/configmaps`;
const record = (name: string, metadata: object = {}): object => recordOf(own, { name, ...metadata });

describe("whoever rules a recorder, with the token that the kubelet gave it,", () => {
  const foreign = { apiVersion: "apps/v1", kind: "Deployment", name: "x", uid: "00000000-0000-4000-8000-000000000001" };
  const live = (): string => recordName.live(own.name);
  test.each<[string, () => object, string]>([
    ["a name of its choice", () => record("settings"), "ConfigMaps of its own pod only"],
    ["another pod's name", () => record(recordName.result(other.name)), "ConfigMaps of its own pod only"],
    ["another pod's UID", () => record(recordName.result(own.name), { labels: labelsOf(other.uid, "result") }), "pod-uid must be the UID"],
    ["a finalizer", () => record(live(), { finalizers: ["example.com/never"] }), "no finalizers"],
    ["a foreign owner", () => record(live(), { ownerReferences: [foreign] }), "owners of codybatch.dev only"],
  ])("may not create a ConfigMap with %s", async (_, object, words) => {
    const { status, message } = await asks("POST", configMaps(), object());
    expect(status).toBeGreaterThanOrEqual(400);
    expect(message).toContain("ValidatingAdmissionPolicy 'codybatch-own-pod'");
    expect(message).toContain(words);
  });

  test("may not write over what somebody else made under a name of its pod, nor over another pod's record", async () => {
    const name = recordName.transcript(own.name, 99);
    await stage.kubectl("create", "configmap", name, "--from-literal=a=b");
    const reused = await asks("PUT", `${configMaps()}/${name}`, record(name, { labels: labelsOf(own.uid, "transcript") }));
    expect(reused.message).toContain("is not of the recorder's own pod");
    const taken = await asks("PUT", `${configMaps()}/${recordName.live(other.name)}`, record(recordName.live(other.name)));
    expect(taken.message).toContain("ConfigMaps of its own pod only");
  });

  const core = (): string => `/api/v1/namespaces/${stage.namespace}`;
  const ours = (): string => `/apis/codybatch.dev/v1alpha1/namespaces/${stage.namespace}`;
  test.each<[string, () => readonly [string, string, object?]]>([
    ["read Claude's key", () => ["GET", `${core()}/secrets/anthropic`]],
    ["list Secrets", () => ["GET", `${core()}/secrets`]],
    ["list ConfigMaps", () => ["GET", configMaps()]],
    ["delete another pod's record", () => ["DELETE", `${configMaps()}/${recordName.live(other.name)}`]],
    ["list pods", () => ["GET", `${core()}/pods`]],
    ["make a pod", () => ["POST", `${core()}/pods`, { apiVersion: "v1", kind: "Pod", metadata: { name: "x" }, spec: { containers: [] } }]],
    ["make a Job", () => ["POST", `/apis/batch/v1/namespaces/${stage.namespace}/jobs`, { metadata: { name: "x" } }]],
    ["make a token", () => ["POST", `${core()}/serviceaccounts/codybatch-recorder/token`, {}]],
    ["read BatchChanges", () => ["GET", `${ours()}/batchchanges`]],
    ["delete Changesets", () => ["DELETE", `${ours()}/changesets`]],
    ["reach another namespace", () => ["GET", `/api/v1/namespaces/${stage.release.namespace}/configmaps`]],
  ])("may not %s", async (_, request) => {
    expect(await asks(...request())).toMatchObject({ status: 403 });
  });

  test("may store its own record, so that the refusals above are no accident", async () => {
    const name = recordName.transcript(own.name, 7);
    expect(await asks("POST", configMaps(), record(name, { labels: labelsOf(own.uid, "transcript") }))).toMatchObject({ status: 201 });
  });
});

describe("in a pod in mid-run", () => {
  /** Files that hold the text, where a pod's own files can be; what the image brings is left out. */
  const search = (text: string): readonly string[] => [
    "sh",
    "-c",
    'grep -rlsF -- "$0" $(ls -d /* | grep -vE "^/(proc|sys|dev|usr|lib.*|bin|sbin|app|boot)$") || true',
    text,
  ];

  test("the agent has Claude's key and neither a git credential nor a token of Kubernetes", async () => {
    expect(await inside("agent", ...search(secrets.key))).toContain("/anthropic/");
    expect(await inside("agent", ...search(secrets.token))).toBe("");
    const mounts = await inside("agent", "cat", "/proc/self/mountinfo");
    expect(mounts).toContain(" /anthropic ");
    expect(mounts).not.toMatch(/api-token|github-read|serviceaccount/);
    for (const path of ["/api-token", "/github-read", "/var/run/secrets"]) {
      const { exitCode } = await user.tries(`kubectl exec ${own.name} -c agent -- ls ${path}`);
      expect({ path, exitCode }).toEqual({ path, exitCode: 2 });
    }
  });

  test("the recorder has its token and neither Claude's key nor a git credential", async () => {
    for (const secret of Object.values(secrets)) expect(await inside("recorder", ...search(secret))).toBe("");
    expect(await inside("recorder", "ls", "/api-token")).toContain("token");
  });

  test("no process has a secret or another Service's address in its environment", async () => {
    for (const container of ["agent", "recorder"]) {
      const env = (await inside(container, "cat", "/proc/1/environ")).split("\0");
      for (const secret of Object.values(secrets)) expect(env.join("\n")).not.toContain(secret);
      const services = env.filter((one) => /_SERVICE_HOST=|_PORT_\d+_TCP/.test(one) && !one.startsWith("KUBERNETES_"));
      expect(services).toEqual([]);
    }
  });

  test("clone has the git credential and neither Claude's key nor a token of Kubernetes", async () => {
    const url = new URL(stage.repository("acme/slow"));
    await using git = new AsyncDisposableStack();
    const gate = git.adopt(await Gate.open("git", () => url.origin, stage.cluster.host), (open) => open.close());
    const hold = gate.hold("before", () => true);
    const slow = await stage.batch("slow").create([gate.url + url.pathname]);
    await hold.reached();
    const [pod] = await podsOf(stage, "acme/slow");
    const look = async (...program: readonly string[]): Promise<string> => within(pod!.metadata.name, "clone", ...program);
    expect(await look(...search(secrets.token))).toContain("/github-read/");
    expect(await look(...search(secrets.key))).toBe("");
    expect(await look("cat", "/proc/self/mountinfo")).not.toMatch(/anthropic|api-token|serviceaccount/);
    expect(await look("cat", "/proc/1/environ")).not.toMatch(/read-token|claude-key|DECOY/);
    hold.release();
    await slow.ends("acme/slow", "Ready");
  });
});

describe("a user with the role edit", () => {
  let bob: Kubectl;
  beforeAll(async () => {
    await stage.kubectl("create", "rolebinding", "bob", "--clusterrole=edit", "--user=bob");
    await stage.kubectl("create", "rolebinding", "bob-approves", "--clusterrole=codybatch-approver", "--user=bob");
    const as = stage.site.as("bob");
    bob = (args, object) => as(["-n", stage.namespace, ...args], object);
  });

  test("makes and deletes no Changeset", async () => {
    const [changeset] = await batch.changesets();
    const { name, labels, ownerReferences } = changeset!.metadata as unknown as { name: string; labels: object; ownerReferences: object };
    const copy = { ...changeset!, metadata: { name: `${name}-2`, labels, ownerReferences } };
    expect(verdict(await bob(["create", "-f", "-"], copy))).toMatch(/only the operator makes Changesets|forbidden/i);
    expect(verdict(await bob(["delete", "cset", name]))).toMatch(/delete the BatchChange|forbidden/i);
    expect(await batch.changesets()).toHaveLength(2);
  });

  test("approves in his own name only", async () => {
    for (const hold of held) hold.release();
    const { metadata, status } = await batch.ends("acme/other", "AwaitingApproval");
    const approve = async (by: string): Promise<string> => {
      const patch = JSON.stringify({ spec: { approval: { patch: status.patch!.digest, by } } });
      return verdict(await bob(["patch", "cset", metadata.name, "--type=merge", "-p", patch]));
    };
    expect(await approve("alice")).toContain("approval.by");
    expect(await approve("bob")).toBe("allowed");
  });
});
