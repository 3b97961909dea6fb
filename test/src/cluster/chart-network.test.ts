import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { chartFolder, findHelm, type Helm, one, release, render, type Rendered, required } from "../chart/chart.ts";
import { type Door, letsIn, type Place, policiesOf, sends, type Target } from "../chart/reach.ts";

const Labelled = z.looseObject({ metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }) });
const WithTemplate = z.looseObject({ spec: z.looseObject({ template: Labelled }) });

const privateGit = { to: [{ ipBlock: { cidr: "10.20.0.5/32" } }], ports: [{ protocol: "TCP", port: 443 }] };
const proxy = { to: [{ ipBlock: { cidr: "10.30.0.9/32" } }], ports: [{ protocol: "TCP", port: 3128 }] };

let helm: Helm;
let plain: readonly Rendered[];
let opened: readonly Rendered[];
let proxied: readonly Rendered[];
let pods: Readonly<Record<"operator" | "dashboard" | "change" | "test" | "dns" | "prometheus" | "ingress" | "stranger", Place>>;

/** Labels of the very pods: as the chart renders them, and as the operator makes its Jobs. */
beforeAll(async () => {
  helm = await findHelm();
  plain = await render(helm, { watchNamespaces: ["team-a"] });
  opened = await render(helm, {
    watchNamespaces: ["team-a"],
    dashboard: { from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress" } } }] },
    networkPolicy: {
      ...required.networkPolicy,
      extraEgress: [privateGit, proxy],
      metricsFrom: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
    },
  });
  const networkPolicy = { ...required.networkPolicy, publicHTTPS: false, extraEgress: [proxy] };
  proxied = await render(helm, { watchNamespaces: ["team-a"], networkPolicy });
  const job: unknown = JSON.parse(await readFile(join(chartFolder, "../../operator/src/reconcile/testdata/job.json"), "utf8"));
  const templateLabels = (object: unknown): Place["labels"] => WithTemplate.parse(object).spec.template.metadata.labels;
  pods = {
    operator: { namespace: release.namespace, labels: templateLabels(one(plain, "Deployment", "cody-operator")) },
    dashboard: { namespace: release.namespace, labels: templateLabels(one(plain, "Deployment", "cody-dashboard")) },
    change: { namespace: "team-a", labels: templateLabels(job) },
    test: { namespace: release.namespace, labels: one(plain, "Pod", "cody-operator-test").metadata.labels },
    dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
    prometheus: { namespace: "monitoring", labels: {} },
    ingress: { namespace: "ingress", labels: {} },
    stranger: { namespace: "team-a", labels: { app: "database" } },
  };
});

type Kind = "operator" | "dashboard" | "change" | "test";
const kinds = ["operator", "dashboard", "change", "test"] as const;
/** Who may send there by default, and who with a private git host and a proxy in extraEgress. */
type Row = readonly [what: string, target: string, door: Door, by: readonly Kind[], opened?: readonly Kind[]];
const https = { port: 443 };
const addresses: readonly Row[] = [
  ["API server", "10.0.0.1", { port: 6443 }, ["operator", "dashboard", "change"]],
  ["API server's other ports", "10.0.0.1", https, []],
  ["API server's kubelet", "10.0.0.1", { port: 10_250 }, []],
  ["API server's neighbour", "10.0.0.2", { port: 6443 }, []],
  ["GitHub", "140.82.112.3", https, ["change"]],
  ["GitHub over IPv6", "2606:50c0:8000::153", https, ["change"]],
  ["GitHub by SSH", "140.82.112.3", { port: 22 }, []],
  ["GitHub in the clear", "140.82.112.3", { port: 80 }, []],
  ["GitHub by QUIC", "140.82.112.3", { port: 443, protocol: "UDP" }, []],
  ["a private git host", "10.20.0.5", https, [], ["change"]],
  ["a private git host by SSH", "10.20.0.5", { port: 22 }, []],
  ["a private git host's neighbour", "10.20.0.6", https, []],
  ["a proxy", "10.30.0.9", { port: 3128 }, [], ["change"]],
  ["a proxy's other ports", "10.30.0.9", https, []],
  ["NodeLocal DNSCache", "169.254.20.10", { port: 53, protocol: "UDP" }, ["dashboard", "change"]],
  ["NodeLocal DNSCache over TCP", "169.254.20.10", { port: 53 }, ["dashboard", "change"]],
  ["NodeLocal DNSCache's other ports", "169.254.20.10", https, []],
  ["public names", "8.8.8.8", { port: 53, protocol: "UDP" }, []],
  ["cloud metadata", "169.254.169.254", { port: 80 }, []],
  ["cloud metadata by TLS", "169.254.169.254", https, []],
  ["cloud metadata over IPv6", "fd00:ec2::254", https, []],
  ["cloud metadata by NAT64", "64:ff9b::a9fe:a9fe", https, []],
  ["Alibaba's metadata", "100.100.100.200", https, []],
  ["Azure's host", "168.63.129.16", https, []],
  ["Oracle's metadata", "192.0.0.192", https, []],
  ["the node itself", "127.0.0.1", https, []],
  ["the node itself over IPv6", "::1", https, []],
  ["private 10/8", "10.255.255.255", https, []],
  ["private 172.16/12, its first", "172.16.0.0", https, []],
  ["private 172.16/12, its last", "172.31.255.255", https, []],
  ["public after 172.16/12", "172.32.0.1", https, ["change"]],
  ["private 192.168/16", "192.168.1.1", https, []],
  ["unique local", "fdff:ffff::1", https, []],
  ["link-local over IPv6", "fe80::1", https, []],
  ["public before the private ranges of IPv6", "fbff::1", https, ["change"]],
];

describe("addresses that pods may send to, all NetworkPolicies together", () => {
  const table = addresses.flatMap(([what, target, door, by, more = by]) =>
    kinds.map((kind) => ({ kind, what, target, door, allowed: by.includes(kind), afterwards: more.includes(kind) })),
  );
  test.each(table)(
    "$kind pod to $what, $target port $door.port: $allowed, opened: $afterwards",
    ({ kind, target, door, allowed, afterwards }) => {
      expect([plain, opened].map((objects) => sends(objects, pods[kind], target, door))).toEqual([allowed, afterwards]);
    },
  );
});

test("a change pod with a proxy as its only way out reaches names, the API server and the proxy", () => {
  const reached = addresses.filter(([, target, door]) => sends(proxied, pods.change, target, door));
  expect(reached.map(([what]) => what)).toEqual(["API server", "a proxy", "NodeLocal DNSCache", "NodeLocal DNSCache over TCP"]);
});

describe("pods that pods may send to, and are let in by", () => {
  const dns = { port: 53, protocol: "UDP" } as const;
  const http = { port: 8080 };
  type Names = keyof typeof pods;
  const table: readonly (readonly [from: Names, to: Names, door: Door, allowed: boolean, opened?: boolean])[] = [
    ["change", "dns", dns, true],
    ["change", "dns", { port: 53 }, true],
    ["change", "dns", http, false],
    ["change", "stranger", https, false],
    ["change", "stranger", dns, false],
    ["change", "change", https, false],
    ["change", "operator", http, false],
    ["stranger", "change", http, false],
    ["operator", "dns", dns, false],
    ["operator", "change", http, false],
    ["operator", "stranger", https, false],
    ["test", "operator", http, true],
    ["test", "operator", https, false],
    ["test", "dns", dns, false],
    ["test", "stranger", http, false],
    ["stranger", "test", http, false],
    ["stranger", "operator", http, true, false],
    ["prometheus", "operator", http, true],
    ["prometheus", "operator", { port: 9229 }, false],
    ["ingress", "dashboard", http, true],
    ["stranger", "dashboard", http, true, false],
    ["prometheus", "dashboard", http, true, false],
    ["prometheus", "dashboard", { port: 8081 }, true],
    ["ingress", "dashboard", { port: 8081 }, true, false],
    ["prometheus", "dashboard", { port: 9229 }, false],
    ["dashboard", "dns", dns, true],
    ["dashboard", "operator", http, false],
    ["dashboard", "stranger", https, false],
  ];
  const rows = table.map(([from, to, door, allowed, afterwards = allowed]) => ({ from, to, door, allowed, afterwards }));
  test.each(rows)("$from to $to, port $door.port: $allowed, opened: $afterwards", ({ from, to, door, allowed, afterwards }) => {
    const meets = (objects: readonly Rendered[]): boolean => {
      const [sender, target]: [Place, Target & Place] = [pods[from], pods[to]];
      return sends(objects, sender, target, door) && letsIn(objects, target, sender, door);
    };
    expect([plain, opened].map(meets)).toEqual([allowed, afterwards]);
  });
});

describe("every pod of the chart has its policy", () => {
  test.each(kinds)("exactly one selects the %s pod", (kind) => {
    expect(policiesOf(plain, pods[kind])).toHaveLength(1);
  });

  test("a pod of somebody else's in a watched namespace has none", () => {
    expect(policiesOf(plain, pods.stranger)).toEqual([]);
  });

  test("a release for the whole cluster makes the change pods' in the listed namespaces, and nowhere else", async () => {
    const objects = await render(helm, { networkPolicy: { ...required.networkPolicy, namespaces: ["team-a"] } });
    expect(policiesOf(objects, pods.change)).toHaveLength(1);
    for (const task of ["publish", "discover", "track"]) {
      const labels = { ...pods.change.labels, "app.kubernetes.io/component": task, "codybatch.dev/role": task };
      expect(policiesOf(objects, { ...pods.change, labels })).toEqual(policiesOf(objects, pods.change));
    }
    expect(policiesOf(objects, { ...pods.change, namespace: "team-b" })).toEqual([]);
  });
});
