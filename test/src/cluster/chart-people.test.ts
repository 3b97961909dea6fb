import { patchDigest } from "@codybatch/crds";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchOf, changesetOf } from "../chart/objects.ts";
import { type Kubectl, Site, verdict } from "../chart/site.ts";
import { must } from "./control-plane.ts";
import { eventually } from "./deadline.ts";

const namespace = "team-a";
const system = "codybatch-system";
const digest = patchDigest("b".repeat(40), Buffer.from("patch"));
const started = new AsyncDisposableStack();
let site: Site;
let operator: Kubectl;
let batch: { name: string; uid: string };

beforeAll(async () => {
  site = started.adopt(await Site.start(), (running) => running.stop());
  await site.makeNamespaces(system, namespace, "ending");
  must(
    await site.chart(
      "install",
      { name: "cody", namespace: system },
      { watchNamespaces: [namespace, "ending"], limits: { publishPolicies: ["Never", "OnApproval", "Automatic"] } },
    ),
  );
  operator = site.as(`system:serviceaccount:${system}:cody-operator`);
  // kubectl reads before it patches; the operator's own client does not.
  must(await site.kubectl(inNamespace("create", "role", "look", "--verb=get", "--resource=changesets/status,batchchanges/status")));
  must(await site.kubectl(inNamespace("create", "rolebinding", "look", "--role=look", `--serviceaccount=${system}:cody-operator`)));
  for (const role of ["viewer", "author", "approver"]) await bind(role, `codybatch-${role}`);
  await bind("both", "codybatch-author");
  await bind("both", "codybatch-approver");
  for (const role of ["view", "edit", "admin"]) await bind(`k8s-${role}`, role);
  batch = await makeBatch(namespace, "one");
  await makeChangeset("one-0123456789");
  await eventually("the policies hold", async () => {
    const said = verdict(await site.kubectl([...inNamespace("create", "--dry-run=server"), "-f", "-"], changesetOf("foreign", batch)));
    return said === "allowed" ? undefined : said;
  });
});
afterAll(() => started.disposeAsync());

const inNamespace = (...args: readonly string[]): readonly string[] => ["-n", namespace, ...args];
const change = (name: string, patch: object, ...more: readonly string[]): readonly string[] =>
  inNamespace("patch", "changeset", name, "--type=merge", ...more, "-p", JSON.stringify(patch));

async function bind(user: string, role: string): Promise<void> {
  must(await site.kubectl(inNamespace("create", "rolebinding", `${user}-${role}`, `--clusterrole=${role}`, `--user=${user}`)));
}

async function makeBatch(where: string, name: string): Promise<{ name: string; uid: string }> {
  must(await site.kubectl(["-n", where, "create", "-f", "-"], batchOf(name)));
  return { name, uid: must(await site.kubectl(["-n", where, "get", "bc", name, "-o", "jsonpath={.metadata.uid}"])) };
}

/** A Changeset with a patch that waits for approval, made by the operator. */
async function makeChangeset(name: string): Promise<void> {
  must(await operator(inNamespace("create", "-f", "-"), changesetOf(name, batch)));
  const patch = { digest, baseCommit: "b".repeat(40), tree: "c".repeat(40), bytes: 5, ref: "p-patch" };
  must(await operator(change(name, { status: { phase: "AwaitingApproval", patch } }, "--subresource=status")));
}

describe("roles", () => {
  const kinds = ["batchchanges", "changesets", "changesets/approve", "batchchanges/status"] as const;
  const reads = { batchchanges: "get list watch", changesets: "get list watch" };
  const authors = { batchchanges: "get list watch create update patch delete deletecollection", changesets: "get list watch update patch" };
  const approvers = { ...reads, changesets: "get list watch update patch", "changesets/approve": "update" };
  const verbs = "get list watch create update patch delete deletecollection".split(" ");

  test.each([
    ["viewer", reads],
    ["author", authors],
    ["approver", approvers],
    ["both", { ...authors, "changesets/approve": "update" }],
    ["k8s-view", reads],
    ["k8s-edit", authors],
    ["k8s-admin", { ...authors, "changesets/approve": "update" }],
    ["stranger", {}],
  ] as const)("%s may do exactly what its role says", async (user, expected: Readonly<Record<string, string>>) => {
    const told = await rights(user);
    for (const kind of kinds) expect({ [kind]: told(kind) }).toEqual({ [kind]: expected[kind] ?? "" });
  });

  async function rights(user: string): Promise<(kind: string) => string> {
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } };
    const answer = JSON.parse(must(await site.as(user)(["create", "--validate=false", "-o", "json", "-f", "-"], review))) as Review;
    return (kind) => {
      const matching = answer.status.resourceRules.filter(
        ({ apiGroups, resources }) => apiGroups?.includes("codybatch.dev") && resources?.includes(kind),
      );
      const allowed = new Set(matching.flatMap(({ verbs: some }) => some));
      return verbs.filter((verb) => allowed.has(verb)).join(" ");
    };
  }

  interface Review {
    readonly status: { readonly resourceRules: readonly { apiGroups?: string[]; resources?: string[]; verbs: string[] }[] };
  }

  test.each(["codybatch-system", namespace, "ending", "default", "kube-system"])(
    "the operator may do nothing with Secrets of %s",
    async (where) => {
      for (const verb of ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]) {
        const { stdout } = await operator(["-n", where, "auth", "can-i", verb, "secrets"]);
        expect({ [verb]: stdout.trim() }).toEqual({ [verb]: "no" });
      }
    },
  );

  test("the operator may do nothing in a namespace that it does not watch", async () => {
    for (const question of ["list pods", "create jobs", "get configmaps", "list batchchanges", "create rolebindings", "get leases"]) {
      const { stdout } = await operator(["-n", "default", "auth", "can-i", ...question.split(" ")]);
      expect({ [question]: stdout.trim() }).toEqual({ [question]: "no" });
    }
  });
});

describe("Changesets", () => {
  const name = "one-0123456789";

  test("are made by the operator only, not even by a cluster's administrator", async () => {
    const said = verdict(await site.kubectl(inNamespace("create", "-f", "-"), changesetOf("one-aaaaaaaaaa", batch)));
    expect(said).toContain("only the operator makes Changesets: name the repository in a BatchChange");
    expect(said).toContain("Forbidden");
  });

  test("are deleted by the operator and with their BatchChange, and by nobody else", async () => {
    const said = verdict(await site.kubectl(inNamespace("delete", "changeset", name)));
    expect(said).toContain("only the operator deletes Changesets: delete the BatchChange, or take the repository out of it");
    const doomed = await makeBatch(namespace, "doomed");
    for (const one of ["doomed-0000000000", "doomed-1111111111"])
      must(await operator(inNamespace("create", "-f", "-"), changesetOf(one, doomed)));
    must(await site.as("author")(inNamespace("delete", "bc", "doomed")));
    await eventually(
      "its Changesets are gone",
      async () => (await namesOf("changesets")).every((one) => !one.startsWith("doomed")) || undefined,
    );
    must(await operator(inNamespace("create", "-f", "-"), changesetOf("one-2222222222", batch)));
    const waiting = inNamespace("delete", "bc", "one", "--cascade=foreground", "--dry-run=server");
    expect(verdict(await site.as("author")(waiting))).toBe("allowed");
  });

  test("without an owner, as --cascade=orphan leaves them, are deleted by an administrator", async () => {
    const left = await makeBatch(namespace, "left");
    must(await operator(inNamespace("create", "-f", "-"), changesetOf("left-0000000000", left)));
    must(await site.as("author")(inNamespace("delete", "bc", "left", "--cascade=orphan")));
    expect(await namesOf("changesets")).toContain("left-0000000000");
    must(await site.kubectl(inNamespace("delete", "changeset", "left-0000000000")));
  });

  test("go with their namespace", async () => {
    const last = await makeBatch("ending", "last");
    must(await operator(["-n", "ending", "create", "-f", "-"], changesetOf("last-0123456789", last)));
    must(await site.kubectl(["delete", "namespace", "ending", "--wait=false"]));
    const gone = async (): Promise<true | undefined> =>
      verdict(await site.kubectl(["get", "namespace", "ending"])) === "allowed" ? undefined : true;
    expect(await eventually("the namespace is gone", gone, { seconds: 60 })).toBe(true);
  });

  test.each([
    ["raises attempt", () => ({ spec: { attempt: 1 } }), "allowed"],
    ["annotates", () => ({ metadata: { annotations: { note: "looked at" } } }), "allowed"],
    ["raises retryGeneration", () => ({ spec: { retryGeneration: 1 } }), "spec.retryGeneration: it is the operator's"],
    ["moves the Changeset to another batch", () => ({ spec: { batchChange: "two" } }), "is immutable"],
    [
      "takes the owner away",
      () => ({ metadata: { ownerReferences: [] } }),
      "owner and label codybatch.dev/batch-change are the operator's",
    ],
    ["changes the label of its batch", () => ({ metadata: { labels: { "codybatch.dev/batch-change": "two" } } }), "owner and label"],
    ["takes the label away", () => ({ metadata: { labels: { "codybatch.dev/batch-change": null } } }), "owner and label"],
  ])("a user %s: %s", async (_, patch, words) => {
    expect(verdict(await site.as("author")(change(name, patch())))).toContain(words);
  });

  test("follow their batch's retryFailed by the operator's hand", async () => {
    expect(verdict(await operator(change(name, { spec: { retryGeneration: 1 } })))).toBe("allowed");
  });

  test.each(["changeset one-0123456789", "batchchange one"])("the status of %s is written by the operator only", async (object) => {
    const args = inNamespace("patch", ...object.split(" "), "--type=merge", "--subresource=status", "-p", '{"status":{"message":"m"}}');
    expect(verdict(await site.kubectl(args))).toContain("only the operator writes status");
    expect(verdict(await operator(args))).toBe("allowed");
  });

  async function namesOf(kind: string): Promise<readonly string[]> {
    return must(await site.kubectl(inNamespace("get", kind, "-o", "jsonpath={.items[*].metadata.name}"))).split(" ");
  }
});

describe("approval", () => {
  let tried = 3_000_000_000;
  const approval = (by: string, patch: string = digest): object => ({ spec: { approval: { patch, by } } });
  const needs = "approving needs the right to update changesets/approve (role codybatch-approver) and spec.approval.by = ";

  test.each([
    ["approver", "approver", "allowed"],
    ["both", "both", "allowed"],
    ["k8s-admin", "k8s-admin", "allowed"],
    ["approver", "author", `${needs}approver`],
    ["author", "author", `${needs}author`],
    ["author", "approver", `${needs}author`],
    ["k8s-edit", "k8s-edit", `${needs}k8s-edit`],
    ["viewer", "viewer", "cannot patch resource"],
    [`system:serviceaccount:${system}:cody-operator`, `system:serviceaccount:${system}:cody-operator`, needs],
  ])("by %s in the name of %s: %s", async (user, by, words) => {
    const name = `one-${String(tried++).padStart(10, "0")}`;
    await makeChangeset(name);
    expect(verdict(await site.as(user)(change(name, approval(by))))).toContain(words);
  });

  test("names the patch that is stored, in any other person's stead none, and can be withdrawn", async () => {
    const name = "one-9999999999";
    await makeChangeset(name);
    const approver = site.as("approver");
    expect(verdict(await approver(change(name, approval("approver", `sha256:${"0".repeat(64)}`))))).toContain(
      "must name the patch that is stored now",
    );
    must(await approver(change(name, approval("approver"))));
    expect(verdict(await site.as("author")(change(name, { spec: { attempt: 1 } })))).toBe("allowed");
    expect(verdict(await site.as("both")(change(name, approval("author"))))).toContain(`${needs}both`);
    expect(verdict(await site.as("author")(change(name, { spec: { approval: null } })))).toBe("allowed");
  });
});

describe("a BatchChange that publishes without an approval", () => {
  const automatic = batchOf("robot", { publish: { policy: "Automatic" } });
  const needs = "needs the right to update batchchanges/publish";
  const create = inNamespace("create", "-f", "-");
  const edit = (spec: object): readonly string[] =>
    inNamespace("patch", "bc", "robot", "--type=merge", "--dry-run=server", "-p", JSON.stringify({ spec }));

  test("is made by those with the right to, and an edit of what it publishes is theirs, too; stopping it is everybody's", async () => {
    expect((await site.as("author")(create, automatic)).stderr).toContain(needs);
    must(await site.as("both")(create, automatic));
    for (const spec of [{ prompt: "Something else." }, { publish: { title: "mine" } }]) {
      expect((await site.as("author")(edit(spec))).stderr).toContain(needs);
    }
    for (const spec of [{ cancel: true }, { suspend: true }]) must(await site.as("author")(edit(spec)));
    must(await site.as("both")(edit({ prompt: "Something else." })));
  });
});
