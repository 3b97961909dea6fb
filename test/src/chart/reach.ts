import { BlockList, isIPv6 } from "node:net";
import { z } from "zod";
import type { Rendered } from "./chart.ts";

const Labels = z.record(z.string(), z.string());
const In = z.strictObject({ key: z.string(), operator: z.literal("In"), values: z.array(z.string()).min(1) });
const Selector = z.strictObject({ matchLabels: Labels.default({}), matchExpressions: z.array(In).default([]) });
const Block = z.strictObject({ cidr: z.string(), except: z.array(z.string()).default([]) });
const Peer = z.union([
  z.strictObject({ ipBlock: Block }),
  z.strictObject({ namespaceSelector: Selector.optional(), podSelector: Selector.optional() }),
]);
const Port = z.strictObject({ protocol: z.enum(["TCP", "UDP"]).default("TCP"), port: z.number() });
const Ports = z.array(Port).min(1);
const Policy = z.looseObject({
  metadata: z.looseObject({ namespace: z.string() }),
  spec: z.strictObject({
    podSelector: Selector,
    policyTypes: z.tuple([z.literal("Ingress"), z.literal("Egress")]),
    ingress: z.array(z.strictObject({ from: z.array(Peer).min(1).optional(), ports: Ports })),
    egress: z.array(z.strictObject({ to: z.array(Peer).min(1), ports: Ports })),
  }),
});
type Policy = z.infer<typeof Policy>;

/** A pod as NetworkPolicies see it. */
export interface Place {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** An address outside the cluster's pods, or a pod. */
export type Target = string | Place;

export interface Door {
  readonly port: number;
  readonly protocol?: "TCP" | "UDP";
}

/** The chart's NetworkPolicies that select a pod. */
export function policiesOf(objects: readonly Rendered[], pod: Place): readonly Policy[] {
  return objects
    .filter(({ kind }) => kind === "NetworkPolicy")
    .map((object) => Policy.parse(object))
    .filter(({ metadata, spec }) => metadata.namespace === pod.namespace && selects(spec.podSelector, pod.labels));
}

/** Whether a pod may send to a target: policies add up, so any rule of any policy that selects it is enough; without a policy everything is allowed. */
export function sends(objects: readonly Rendered[], pod: Place, target: Target, door: Door): boolean {
  const policies = policiesOf(objects, pod);
  const rules = policies.flatMap(({ metadata, spec }) => spec.egress.map((rule) => ({ ...rule, namespace: metadata.namespace })));
  return policies.length === 0 || rules.some(({ to, ports, namespace }) => opens(ports, door) && isAmong(to, target, namespace));
}

/** Whether a pod lets another in. */
export function letsIn(objects: readonly Rendered[], pod: Place, from: Place, door: Door): boolean {
  const policies = policiesOf(objects, pod);
  const rules = policies.flatMap(({ metadata, spec }) => spec.ingress.map((rule) => ({ ...rule, namespace: metadata.namespace })));
  const isPeer = (peers: readonly z.infer<typeof Peer>[] | undefined, namespace: string): boolean =>
    peers === undefined || isAmong(peers, from, namespace);
  return policies.length === 0 || rules.some((rule) => opens(rule.ports, door) && isPeer(rule.from, rule.namespace));
}

function opens(ports: z.infer<typeof Ports>, { port, protocol = "TCP" }: Door): boolean {
  return ports.some((one) => one.port === port && one.protocol === protocol);
}

/** Whether a target is one of a rule's peers; a peer without namespaceSelector means the policy's own namespace. */
function isAmong(peers: readonly z.infer<typeof Peer>[], target: Target, namespace: string): boolean {
  return peers.some((peer) => {
    if (typeof target === "string") return "ipBlock" in peer && within(peer.ipBlock, target);
    if ("ipBlock" in peer) return false;
    const { namespaceSelector, podSelector = { matchLabels: {}, matchExpressions: [] } } = peer;
    const isPlace =
      namespaceSelector === undefined
        ? target.namespace === namespace
        : selects(namespaceSelector, { "kubernetes.io/metadata.name": target.namespace });
    return isPlace && selects(podSelector, target.labels);
  });
}

function selects({ matchLabels, matchExpressions }: z.infer<typeof Selector>, labels: Place["labels"]): boolean {
  const isIn = ({ key, values }: z.infer<typeof In>): boolean => values.includes(labels[key] ?? "");
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(isIn);
}

function within({ cidr, except }: z.infer<typeof Block>, address: string): boolean {
  return contains([cidr], address) && !contains(except, address);
}

function contains(ranges: readonly string[], address: string): boolean {
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  const list = new BlockList();
  for (const range of ranges) {
    const [start, bits] = range.split("/") as [string, string];
    if (isIPv6(start) === isIPv6(address)) list.addSubnet(start, Number(bits), family);
  }
  return list.check(address, family);
}
