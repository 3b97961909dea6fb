import { apiVersion } from "@codybatch/crds";
import type { Manifest } from "./manifest.ts";

const nodePrompt = `Move this repository to Node 24.

Change every place that fixes the Node.js version: engines in package.json, .nvmrc, Docker images, deployment files and documents. Keep the form that each
place has. Replace calls that Node 24 removed or reports as deprecated at run time. Touch nothing else.
No change is necessary where Node 24 is already required or where the repository does not use Node.js.`;

const timeoutPrompt = `Outgoing HTTP calls must time out after 10 seconds.

Find every outgoing HTTP call that can wait without limit and give it a timeout of 10 seconds, by the means that the language and the library of the
repository offer. Incoming requests are not meant. No change is necessary where every call has a timeout.`;

/** What the scripted stand-in brings about, per batch and repository; the failure is staged. */
export const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "node-24": {
    "acme/billing-api": "Ready",
    "acme/web": "Ready",
    "acme/cli-tools": "NoChange",
    "acme/image-tagger": "NoChange",
    "acme/legacy-gateway": "Failed",
  },
  "http-timeouts": { "acme/billing-api": "AwaitingApproval", "acme/rate-limiter": "AwaitingApproval" },
};

/** Two scripts that the samples bring. In local mode they run as processes of this machine, whatever the image. */
const nodeChecks = {
  toolbox: { image: "docker.io/library/busybox:1" },
  checks: [
    { name: "sync-versions", command: ["sh", "scripts/sync-versions.sh"], timeout: "1m", adopt: [".tool-versions"] },
    { name: "versions", command: ["sh", "scripts/check-versions.sh"], timeout: "1m", required: true },
  ],
};

/** The demo's two BatchChanges. */
export function demoBatches(urls: Readonly<Record<string, string>>): readonly Manifest[] {
  return [
    batch("node-24", urls, { prompt: nodePrompt, publish: { policy: "Never" }, ...nodeChecks }),
    batch("http-timeouts", urls, { prompt: timeoutPrompt, publish: { policy: "OnApproval" } }),
  ];
}

function batch(name: string, urls: Readonly<Record<string, string>>, spec: object): Manifest {
  const repositories = Object.keys(expected[name] ?? {}).map((repository) => ({ url: urls[repository] ?? "", branch: "HEAD" }));
  return {
    apiVersion,
    kind: "BatchChange",
    metadata: { name, namespace: "default" },
    spec: { ...spec, repositories, parallelism: 3, agent: { maxCostUSD: "0.50", maxTurns: 30, timeout: "10m" } },
  };
}
