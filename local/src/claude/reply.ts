import { makeAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { checkBinding, prefixHashes } from "./binding.ts";
import type { PromptCache } from "./cache.ts";
import { chooseScenario, chooseTurn, openingOf } from "./choice.ts";
import { Fault, schemaFault } from "./fault.ts";
import { valuesOf } from "./placeholder.ts";
import { MessagesRequest } from "./request.ts";
import { checkRules } from "./rules.ts";
import type { Scenario, TurnFault } from "./scenario.ts";

/** What outlives a request: the prompt cache, and how often a scripted fault was met. Both may be lost at any time. */
export interface Memory {
  readonly cache: PromptCache;
  readonly faults: Map<string, number>;
}

export interface Reply {
  readonly scenario: string;
  readonly answer: Answer;
  readonly delayMs: number;
  readonly stream: boolean;
  /** Seed for cutting the stream, from the conversation. */
  readonly seed: number;
  /** How the stream breaks off, where the script says so. */
  readonly breaks: Exclude<TurnFault, { readonly status: number }> | undefined;
}

/** Decides the reply to a body. Throws {@link Fault}; `named` is told the scenario as soon as it is known. */
export function replyTo(
  body: unknown,
  script: { readonly scenarios: readonly Scenario[]; readonly memory: Memory; readonly now: number; named(scenario: string): void },
): Reply {
  const parsed = MessagesRequest.safeParse(body);
  if (!parsed.success) throw schemaFault(parsed.error);
  const request = parsed.data;
  checkRules(request);
  const hashes = prefixHashes(request);
  checkBinding(request, hashes);
  const opening = openingOf(request);
  const scenario = chooseScenario(script.scenarios, opening);
  script.named(scenario.name);
  const turn = chooseTurn(scenario, opening, request);
  const prefix = hashes.at(-1) ?? "";
  const fault = nextFault(turn.faults, prefix, script.memory.faults);
  if (fault !== undefined && "status" in fault) throw new Fault(fault.status, fault.message ?? `scripted by ${scenario.name}`, fault);
  const tokens = script.memory.cache.count(request, script.now);
  const answer = makeAnswer({ request, turn, prefix, values: valuesOf(request, opening), tokens });
  return {
    scenario: scenario.name,
    answer,
    delayMs: turn.delayMs,
    stream: request.stream === true,
    seed: Number.parseInt(prefix.slice(0, 8), 16),
    breaks: fault,
  };
}

/** The first fault of a turn that was not yet met as often as the script says. */
function nextFault(faults: readonly TurnFault[], prefix: string, met: Map<string, number>): TurnFault | undefined {
  for (const [index, fault] of faults.entries()) {
    const key = `${prefix}/${index}`;
    const count = met.get(key) ?? 0;
    if (fault.times !== "always" && count >= fault.times) continue;
    met.set(key, count + 1);
    return fault;
  }
  return undefined;
}
