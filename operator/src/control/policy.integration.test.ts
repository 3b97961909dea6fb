import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient, type Client } from "../cluster/client.ts";
import { openEndpoint } from "../cluster/endpoint.ts";
import { FakeClock } from "../cluster/testing/fake-clock.ts";
import { until } from "../cluster/testing/until.ts";
import { createLog } from "../log.ts";
import { createMetrics } from "../metrics.ts";
import { AdmissionPolicy } from "./policy.ts";

const root = "/apis/admissionregistration.k8s.io/v1";
const policyPath = `${root}/validatingadmissionpolicies/codybatch-own-pod`;
const bindingName = "codybatch-own-pod.cody.codybatch-system";
const bindingPath = `${root}/validatingadmissionpolicybindings/${bindingName}`;
const metadata = { uid: "u", resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" };
const policy = { metadata: { ...metadata, name: "codybatch-own-pod" } };
const bindingOf = (spec: object): object => ({
  metadata: { ...metadata, name: bindingName },
  spec: { policyName: "codybatch-own-pod", validationActions: ["Deny"], ...spec },
});
const narrowed = (...expressions: readonly object[]): object => bindingOf({ matchResources: selecting(...expressions) });
const selecting = (...matchExpressions: readonly object[]): object => ({
  matchPolicy: "Equivalent",
  namespaceSelector: { matchExpressions },
  objectSelector: {},
});
const named = (...values: readonly string[]): object => ({ key: "kubernetes.io/metadata.name", operator: "In", values });

/** Objects by their path, as the API server gives them; a number refuses with that status. */
let objects: Map<string, object | number>;
let asked: string[];
let server: Server;
let client: Client;
let clock: FakeClock;
let stopping: AbortController;
let changes: number;

beforeEach(async () => {
  [objects, asked, clock, stopping, changes] = [new Map(), [], new FakeClock(), new AbortController(), 0];
  server = createServer((request, response) => {
    const found = objects.get(request.url ?? "") ?? 404;
    const [status, body] = typeof found === "number" ? [found, { reason: "x", message: `the server says ${found}` }] : [200, found];
    asked.push(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createClient({ endpoint: await openEndpoint({ kind: "url", url }, clock), metrics: createMetrics() });
});

afterEach(async () => {
  stopping.abort();
  await client.close();
  server.close();
});

async function watch(namespaces: readonly string[] = [], binding: { readonly name?: string } = { name: bindingName }) {
  const options = { client, clock, log: createLog("silent"), required: true, binding: binding.name, namespaces, interval: 30_000 };
  const watched = new AdmissionPolicy({ ...options, onChange: () => void (changes += 1) });
  void watched.watch(stopping.signal);
  await looked();
  return watched;
}

/** Until a look is over: then the clock has the timer of the next one. */
const looked = (): Promise<void> => until("the end of a look", () => clock.pending > 0);

async function lookAgain(): Promise<void> {
  const before = asked.length;
  clock.advance(30_000);
  await until("another look", () => asked.length > before);
  await looked();
}

it("is known as soon as there was a first look, also when it could not be asked for or is not required", async () => {
  const known = async (required: boolean): Promise<string | undefined> => {
    const options = { client, clock, log: createLog("silent"), required, binding: undefined, namespaces: [], interval: 30_000 };
    const watched = new AdmissionPolicy({ ...options, onChange: () => undefined });
    void watched.watch(stopping.signal);
    await watched.looked;
    return watched.obstacle?.message;
  };
  expect(await known(false)).toBeUndefined();
  objects.set(policyPath, 403);
  expect(await known(true)).toContain("cannot be asked for");
  objects.set(policyPath, policy);
  expect(await known(true)).toBeUndefined();
});

it("keeps nobody waiting for a look once it is stopped", async () => {
  const options = { client, clock, log: createLog("silent"), required: true, binding: undefined, namespaces: [], interval: 30_000 };
  const stopped = new AdmissionPolicy({ ...options, onChange: () => undefined });
  void stopped.watch(AbortSignal.abort());
  await stopped.looked;
  expect(asked).toEqual([]);
});

describe("the recorder's policy is in force", () => {
  it.each([
    ["for every namespace", bindingOf({}), []],
    ["for every namespace, as the API server writes it", bindingOf({ matchResources: selecting() }), ["team-a"]],
    ["for the watched namespaces", narrowed(named("team-a", "team-b")), ["team-b", "team-a"]],
  ])("%s", async (_, binding, namespaces) => {
    objects.set(policyPath, policy).set(bindingPath, binding);
    expect((await watch(namespaces)).obstacle).toBeUndefined();
    expect(changes).toBe(1);
  });

  it("where no binding is named, as after a plain kubectl apply", async () => {
    objects.set(policyPath, policy);
    expect((await watch([], {})).obstacle).toBeUndefined();
    expect(asked).toEqual([policyPath]);
  });
});

describe("nothing runs, and the message says what is missing and who installs it", () => {
  it.each([
    ["there is no policy", [undefined, bindingOf({})], [], "is not installed. An administrator installs or upgrades the chart"],
    ["there is no binding", [policy, undefined], [], `is not in force: its binding ${bindingName} is not installed. An administrator`],
    [
      "the binding is for another policy",
      [policy, bindingOf({ policyName: "other" })],
      [],
      `binding ${bindingName} names the policy other.`,
    ],
    [
      "the binding only warns",
      [policy, bindingOf({ validationActions: ["Warn", "Audit"] })],
      [],
      "does not deny, for its validationActions",
    ],
    ["the binding is for other namespaces", [policy, narrowed(named("team-a"))], ["team-a", "team-b"], "does not hold in team-a, team-b."],
    ["the binding is for some namespaces only", [policy, narrowed(named("team-a"))], [], "does not hold in every namespace."],
    [
      "the binding selects by a label that anybody may take off",
      [policy, narrowed({ key: "team", operator: "Exists" })],
      ["team-a"],
      "does not hold in team-a.",
    ],
    [
      "the binding selects objects",
      [policy, bindingOf({ matchResources: { objectSelector: { matchLabels: { a: "b" } } } })],
      ["team-a"],
      "does not hold in team-a.",
    ],
    ["the operator may not ask", [403, bindingOf({})], [], "cannot be asked for: the server says 403. An administrator"],
    ["the operator may not ask for the binding", [policy, 403], [], "cannot be asked for: the server says 403. An administrator"],
    ["the server fails", [500, bindingOf({})], [], "has not been found yet."],
  ])("when %s", async (_, [found, binding], namespaces, words) => {
    if (found !== undefined) objects.set(policyPath, found);
    if (binding !== undefined) objects.set(bindingPath, binding);
    const { obstacle } = await watch(namespaces);
    expect(obstacle?.reason).toBe("AdmissionPolicyMissing");
    expect(obstacle?.message).toContain(words);
  });
});

it("starts and stops as policy and binding come and go, and keeps what it knew while the server fails", async () => {
  const watched = await watch();
  objects.set(policyPath, policy);
  await lookAgain();
  expect(watched.obstacle?.message).toContain("its binding");
  objects.set(bindingPath, bindingOf({}));
  await lookAgain();
  expect(watched.obstacle).toBeUndefined();
  objects.set(policyPath, 500);
  await lookAgain();
  expect(watched.obstacle).toBeUndefined();
  objects.set(policyPath, policy).delete(bindingPath);
  await lookAgain();
  expect(watched.obstacle?.message).toContain("is not installed");
  expect(changes).toBe(4);
});
