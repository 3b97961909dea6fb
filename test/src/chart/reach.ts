import { BlockList, isIPv6 } from "node:net";
import { z } from "zod";
import type { Rendered } from "./chart.ts";

const Block = z.strictObject({ cidr: z.string(), except: z.array(z.string()).default([]) });
const Peer = z.strictObject({ ipBlock: Block.optional(), namespaceSelector: z.unknown().optional(), podSelector: z.unknown().optional() });
const Port = z.strictObject({ protocol: z.enum(["TCP", "UDP"]).default("TCP"), port: z.number() });
const Egress = z.strictObject({ to: z.array(Peer).min(1), ports: z.array(Port).min(1) });
const Policy = z.looseObject({
  spec: z.looseObject({
    podSelector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
    policyTypes: z.array(z.string()),
    egress: z.array(Egress),
  }),
});

/** Somewhere outside the cluster's pods, such as `10.0.0.1:6443`. */
interface Target {
  readonly address: string;
  readonly port: number;
  readonly protocol?: "TCP" | "UDP";
}

/** Whether a pod with these labels reaches an address: NetworkPolicies add up, so any rule of any policy that selects it is enough. */
export function reaches(objects: readonly Rendered[], { namespace, labels }: Rendered["metadata"], target: Target): boolean {
  const policies = objects
    .filter(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.namespace === namespace)
    .map((object) => Policy.parse(object).spec)
    .filter(({ podSelector }) => Object.entries(podSelector.matchLabels).every(([key, value]) => labels[key] === value));
  if (!policies.some(({ policyTypes }) => policyTypes.includes("Egress"))) return true;
  return policies.some(({ egress }) => egress.some((rule) => allows(rule, target)));
}

function allows({ to, ports }: z.infer<typeof Egress>, { address, port, protocol = "TCP" }: Target): boolean {
  const isPort = ports.some((one) => one.port === port && one.protocol === protocol);
  return isPort && to.some(({ ipBlock }) => ipBlock !== undefined && within(ipBlock, address));
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
