import { parseArgs } from "node:util";
import { measureAgent } from "./agent/measure.ts";
import { clusterParts, measureCluster } from "./cluster/measure.ts";
import { measureDashboard } from "./dashboard.ts";
import { figuresText, writeFigures } from "./document.ts";
import type { Effort, Measurement } from "./figure.ts";
import { measureLatency } from "./latency.ts";
import { describeMachine, loadNow } from "./machine.ts";
import { measureMemory } from "./memory.ts";
import { inProject } from "./program.ts";
import { measurePublishing } from "./publishing.ts";
import { measureRepositories } from "./repositories.ts";
import { measureRunnerStart } from "./runner-start.ts";
import { measureThroughput } from "./throughput.ts";

/** Needs Kubernetes, which is compiled first where it is not there: only measured when it is named, and written down by itself. */
const cluster = "cluster";
/** Each is measured by itself and has its own place in the document. */
const apart: readonly string[] = [cluster, "agent", "dashboard", "publishing"];

const measurements: Readonly<Record<string, (effort: Effort) => Promise<Measurement>>> = {
  latency: measureLatency,
  memory: measureMemory,
  runner: measureRunnerStart,
  repositories: measureRepositories,
  throughput: measureThroughput,
  agent: measureAgent,
  dashboard: measureDashboard,
  publishing: measurePublishing,
  [cluster]: measureCluster,
};

const usage = `usage: npm run bench -- [--quick] [--only <part>]... [${Object.keys(measurements).join(" | ")}]...
  --quick  only show that everything runs, in half a minute; its figures mean nothing and are not written down
  --only   of cluster only this part, one of ${clusterParts.join(", ")}; only printed
Without a name all but agent, dashboard, publishing and cluster are measured, which takes about ten minutes, and docs/benchmarks.md gets the figures.
cluster alone takes as long, and 5 to 10 minutes more to compile Kubernetes once; its figures get there too, and those of agent, dashboard and publishing, which take a few minutes each.`;

interface Wanted extends Effort {
  readonly names: readonly string[];
}

/** Undefined for a command line that cannot be read. */
function wanted(words: string[]): Wanted | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      options: { quick: { type: "boolean", default: false }, only: { type: "string", multiple: true, default: [] } },
      allowPositionals: true,
    });
    const { quick, only } = values;
    const isKnown = positionals.every((name) => Object.hasOwn(measurements, name));
    const hasPart = only.length === 0 || (positionals.join(" ") === cluster && only.every((part) => clusterParts.includes(part)));
    return isKnown && hasPart ? { quick, only, names: positionals } : undefined;
  } catch {
    return undefined;
  }
}

async function bench({ quick, only, names }: Wanted): Promise<void> {
  const before = loadNow();
  const chosen = Object.entries(measurements).filter(([name]) => (names.length === 0 ? !apart.includes(name) : names.includes(name)));
  const done: Measurement[] = [];
  for (const [name, measure] of chosen) {
    console.error(`measuring ${name} …`);
    done.push(await measure({ quick, only }));
  }
  const taken = { date: new Date().toISOString().slice(0, 10), machine: describeMachine(), load: `${before} before, ${loadNow()} after` };
  const text = figuresText(done, taken);
  console.log(text);
  const command = ["npm run bench", ...names].join(" -- ");
  if (!quick && only.length === 0 && (names.length === 0 || apart.includes(names.join(" "))))
    writeFigures(inProject("docs/benchmarks.md"), command, text);
}

const read = wanted(process.argv.slice(2));
if (read === undefined) {
  console.error(usage);
  process.exitCode = 2;
} else await bench(read);
