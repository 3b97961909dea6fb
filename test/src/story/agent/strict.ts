import { loadScenarios, startClaude } from "@codybatch/local";
import type { Claude, Scenario } from "@codybatch/local";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makePod, type Pod } from "../../../../runner/src/agent/testing/pod.ts";

/** What a scenario file says of one turn. */
export type Turn = object;

/** An agent's pod whose API is the strict stand-in, reached over HTTP by the real SDK. */
export interface Stage extends AsyncDisposable {
  readonly pod: Pod;
  /** What the stand-in refused though no script told it to. */
  readonly refusals: readonly string[];
}

/** `through` gives the address that the agent uses for the stand-in's. */
export async function stage(
  turns: readonly Turn[],
  options: Partial<Parameters<typeof makePod>[0]> & { readonly reviews?: readonly (readonly Turn[])[] } = {},
  through = (url: string): string => url,
): Promise<Stage> {
  const refusals: string[] = [];
  const warn = ({ cause }: { readonly cause?: unknown }): void => void (isScripted(cause) || refusals.push(String(cause)));
  const { reviews, ...podOptions } = options;
  const claude = await startClaude({ scenarios: scenariosOf(turns, reviews), log: { info: () => undefined, warn } });
  const pod = await makePod({ url: through(claude.url), config: { idleSeconds: 0.5 }, ...podOptions });
  return { pod, refusals, [Symbol.asyncDispose]: () => dispose(pod, claude) };
}

function isScripted(cause: unknown): boolean {
  return String(cause) === "scripted by tested";
}

/** Through a file, as every user's scenario comes. */
function scenariosOf(turns: readonly Turn[], reviews?: readonly (readonly Turn[])[]): readonly Scenario[] {
  const folder = mkdtempSync(join(tmpdir(), "codybatch-scenario-"));
  try {
    const file = join(folder, "tested.yaml");
    writeFileSync(file, JSON.stringify({ name: "tested", turns, reviews }));
    return loadScenarios([file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function dispose(pod: Pod, claude: Claude): Promise<void> {
  await pod[Symbol.asyncDispose]();
  await claude.close();
}
