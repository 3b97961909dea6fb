import { recordName } from "@codybatch/crds";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recorderAccountManifest, recorderBindingManifest } from "../../../operator/src/control/manifests.ts";
import { labelsOf, podOf, recordOf } from "../chart/objects.ts";
import { type Kubectl, Site, verdict } from "../chart/site.ts";
import { must } from "./control-plane.ts";
import { eventually } from "./deadline.ts";

const namespace = "team-a";
const account = "codybatch-recorder";
const foreignOwner = { apiVersion: "apps/v1", kind: "Deployment", name: "x", uid: "00000000-0000-4000-8000-000000000001" };
const ours = { apiVersion: "codybatch.dev/v1alpha1", kind: "Changeset", name: "x", uid: "00000000-0000-4000-8000-000000000002" };
const started = new AsyncDisposableStack();
let site: Site;
let recorder: Kubectl;
let own: { name: string; uid: string };
let other: { name: string; uid: string };

beforeAll(async () => {
  site = started.adopt(await Site.start(), (running) => running.stop());
  await site.makeNamespaces("codybatch-system", namespace, "unwatched");
  must(await site.chart("install", { name: "cody", namespace: "codybatch-system" }, { watchNamespaces: [namespace] }));
  await actsAsOperator(namespace);
  own = await makePod("one-0123456789-0-0-aaaaa");
  other = await makePod("one-0123456789-0-0-bbbbb");
  recorder = await site.withToken(await site.token(namespace, account, own));
  await eventuallyRefused();
});
afterAll(() => started.disposeAsync());

/** Makes what the operator makes at the first BatchChange, with the operator's rights. */
async function actsAsOperator(where: string): Promise<void> {
  const operator = site.as("system:serviceaccount:codybatch-system:cody-operator");
  must(await operator(["-n", where, "create", "-f", "-"], recorderAccountManifest(where)));
  must(await operator(["-n", where, "create", "-f", "-"], recorderBindingManifest(where)));
}

async function makePod(name: string): Promise<{ name: string; uid: string }> {
  must(await site.kubectl(["-n", namespace, "create", "-f", "-"], podOf(name, account)));
  return { name, uid: must(await site.kubectl(["-n", namespace, "get", "pod", name, "-o", "jsonpath={.metadata.uid}"])) };
}

/** A new policy holds some moments after it is stored. */
async function eventuallyRefused(): Promise<void> {
  const dry = ["-n", namespace, "create", "--dry-run=server", "-f", "-"];
  const look = async (): Promise<string | undefined> => {
    const said = verdict(await recorder(dry, recordOf(own, { name: "mine" })));
    return said === "allowed" ? undefined : said;
  };
  await eventually("the recorder's policy holds", look);
}

const inNamespace = (...args: readonly string[]): readonly string[] => ["-n", namespace, ...args];
const create = async (object: object): Promise<string> => verdict(await recorder(inNamespace("create", "-f", "-"), object));
const replace = async (object: object): Promise<string> => verdict(await recorder(inNamespace("replace", "-f", "-"), object));

describe("a recorder with its pod's token", () => {
  test("stores and renews what belongs to its pod", async () => {
    expect(await create(recordOf(own))).toBe("allowed");
    expect(await replace(recordOf(own))).toBe("allowed");
    const parts = {
      patch: recordName.patch(own.name),
      transcript: recordName.transcript(own.name, 12),
      result: recordName.result(own.name),
    };
    for (const [role, name] of Object.entries(parts))
      expect(await create(recordOf(own, { name, labels: labelsOf(own.uid, role) }))).toBe("allowed");
  });

  test.each([
    ["Changeset", 1],
    ["BatchChange", 2],
  ])("may give its records to a %s", async (kind, chunk) => {
    const labels = labelsOf(own.uid, "transcript");
    const name = recordName.transcript(own.name, chunk);
    expect(await create(recordOf(own, { name, labels, ownerReferences: [{ ...ours, kind }] }))).toBe("allowed");
  });

  const named = (name: () => string) => (): object => recordOf(own, { name: name() });
  const livePlus = (metadata: object) => (): object => recordOf(own, { name: recordName.live(own.name), ...metadata });
  test.each([
    ["a name of its choice", named(() => "settings"), "ConfigMaps of its own pod only"],
    ["the name of another pod's record", named(() => recordName.live(other.name)), "ConfigMaps of its own pod only"],
    ["its pod's bare name", named(() => own.name), "ConfigMaps of its own pod only"],
    ["a part that there is not", named(() => `${own.name}-prompt`), "ConfigMaps of its own pod only"],
    ["more behind a part", named(() => `${own.name}-live-2`), "ConfigMaps of its own pod only"],
    ["a generated name", () => recordOf(own, { name: undefined, generateName: `${own.name}-live` }), "ConfigMaps of its own pod only"],
    ["no labels", livePlus({ labels: {} }), "codybatch.dev/pod-uid must be the UID"],
    ["another pod's UID", () => recordOf(own, { labels: labelsOf(other.uid) }), "codybatch.dev/pod-uid must be the UID"],
    ["a role that does not fit the name", () => recordOf(own, { labels: labelsOf(own.uid, "prompt") }), "codybatch.dev/role must fit"],
    [
      "a label that others act on",
      () => recordOf(own, { labels: { ...labelsOf(own.uid), grafana_dashboard: "1" } }),
      "labels and annotations of its records",
    ],
    [
      "an annotation that others act on",
      livePlus({ annotations: { "reloader.example/match": "true" } }),
      "labels and annotations of its records",
    ],
    ["a finalizer", livePlus({ finalizers: ["example.com/never"] }), "no finalizers"],
    ["an owner of another group", livePlus({ ownerReferences: [foreignOwner] }), "owners of codybatch.dev only"],
    [
      "an owner of a group that begins like ours",
      livePlus({ ownerReferences: [{ ...ours, apiVersion: "codybatch.dev.example.com/v1" }] }),
      "owners of codybatch.dev only",
    ],
    ["an owner of another kind", livePlus({ ownerReferences: [{ ...ours, kind: "Ledger" }] }), "owners of codybatch.dev only"],
    [
      "an owner of another kind beside one that it may have",
      livePlus({ ownerReferences: [ours, foreignOwner] }),
      "owners of codybatch.dev only",
    ],
    ["a controlling owner", livePlus({ ownerReferences: [{ ...ours, controller: true }] }), "owners of codybatch.dev only"],
    ["an owner that waits", livePlus({ ownerReferences: [{ ...ours, blockOwnerDeletion: true }] }), "owners of codybatch.dev only"],
  ])("may not create a record with %s", async (_, object, words) => {
    const said = await create(object());
    expect(said).toContain("ValidatingAdmissionPolicy 'codybatch-own-pod'");
    expect(said).toContain(words);
  });

  test("may not write over a ConfigMap of somebody else that has a name of its pod", async () => {
    const name = recordName.transcript(own.name, 99);
    must(await site.kubectl(inNamespace("create", "configmap", name, "--from-literal=a=b")));
    expect(await replace(recordOf(own, { name, labels: labelsOf(own.uid, "transcript") }))).toContain("is not of the recorder's own pod");
  });

  test("may not take over another pod's record, nor give its own away", async () => {
    const name = recordName.patch(other.name);
    must(await site.kubectl(inNamespace("create", "-f", "-"), recordOf(other, { name, labels: labelsOf(other.uid, "patch") })));
    expect(await replace(recordOf(own, { name, labels: labelsOf(own.uid, "patch") }))).toContain("own pod only");
    expect(await replace(recordOf(own, { labels: labelsOf(other.uid) }))).toContain("pod-uid must be the UID");
  });

  test("may not read lists or Secrets, and may not delete", async () => {
    const asked = [
      "list configmaps",
      "watch configmaps",
      "delete configmaps",
      "patch configmaps",
      "get secrets",
      "get pods",
      "create pods",
    ];
    for (const question of asked) {
      const { stdout } = await recorder(inNamespace("auth", "can-i", ...question.split(" ")));
      expect({ [question]: stdout.trim() }).toEqual({ [question]: "no" });
    }
  });
});

describe("a recorder that somebody gave the role admin by mistake", () => {
  beforeAll(async () => {
    const subject = `--serviceaccount=${namespace}:${account}`;
    must(await site.kubectl(inNamespace("create", "rolebinding", "mistake", "--clusterrole=admin", subject)));
  });

  test.each([
    ["delete its own record", () => ["delete", "configmap", recordName.live(own.name)]],
    ["delete another's", () => ["delete", "configmap", recordName.patch(other.name)]],
    ["make a Secret", () => ["create", "secret", "generic", "s"]],
    ["delete a pod", () => ["delete", "pod", other.name]],
    ["make a token", () => ["create", "token", "default"]],
    ["run a command in another pod", () => ["exec", other.name, "--", "true"]],
    ["change a BatchChange", () => ["delete", "batchchange", "--all"]],
  ])("may not %s", async (what, args) => {
    if (what === "change a BatchChange") await makeBatch();
    const said = verdict(await recorder(inNamespace(...args())));
    expect(said).toContain("the recorder may create and update ConfigMaps, and nothing else");
  });

  async function makeBatch(): Promise<void> {
    const spec = { prompt: "p", repositories: [{ url: "https://github.com/acme/api" }] };
    must(
      await site.kubectl(inNamespace("create", "-f", "-"), {
        apiVersion: "codybatch.dev/v1alpha1",
        kind: "BatchChange",
        metadata: { name: "b" },
        spec,
      }),
    );
  }
});

test("a token that is bound to no pod writes nothing", async () => {
  const unbound = await site.withToken(await site.token(namespace, account));
  expect(verdict(await unbound(inNamespace("create", "-f", "-"), recordOf(own, { name: "x" })))).toContain(
    "needs a token that is bound to its pod",
  );
});

test("a pod that reuses a name may not write what the earlier pod left", async () => {
  const earlier = await makePod("one-0123456789-0-1-ccccc");
  must(await site.kubectl(inNamespace("create", "-f", "-"), recordOf(earlier)));
  must(await site.kubectl(inNamespace("delete", "pod", earlier.name, "--now")));
  const later = await makePod(earlier.name);
  const again = await site.withToken(await site.token(namespace, account, later));
  expect(verdict(await again(inNamespace("replace", "-f", "-"), recordOf(later)))).toContain("is not of the recorder's own pod");
});

test("the policy holds in the watched namespaces only", async () => {
  must(await site.kubectl(["-n", "unwatched", "create", "serviceaccount", account]));
  must(
    await site.kubectl(["-n", "unwatched", "create", "rolebinding", "r", "--clusterrole=edit", `--serviceaccount=unwatched:${account}`]),
  );
  const stranger = await site.withToken(await site.token("unwatched", account));
  expect(verdict(await stranger(["-n", "unwatched", "create", "configmap", "settings"]))).toBe("allowed");
});

test("the operator hands out the recorder's role and no other", async () => {
  const operator = site.as("system:serviceaccount:codybatch-system:cody-operator");
  const binding = { ...recorderBindingManifest(namespace), metadata: { name: "more" } };
  const admin = { ...binding, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" } };
  expect(verdict(await operator(inNamespace("create", "-f", "-"), admin))).toContain(
    "attempting to grant RBAC permissions not currently held",
  );
  expect(verdict(await operator(inNamespace("create", "-f", "-"), binding))).toBe("allowed");
  const elsewhere = recorderBindingManifest("unwatched");
  expect(verdict(await operator(["-n", "unwatched", "create", "-f", "-"], elsewhere))).toContain("Forbidden");
});
