import { formatUSD, type Price, type RunReason } from "@codybatch/crds";
import { boundOf } from "../money/cost.ts";
import { tokensOf, type Meter } from "../money/meter.ts";

export interface Limits {
  readonly maxTurns: number;
  readonly maxTokens: number;
  readonly maxCostNanoUSD: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Most tokens asked for in one answer. */
  readonly maxOutputTokens: number;
  /** Longest conversation that is sent on. */
  readonly maxContextTokens: number;
  readonly price: Price;
}

/** An answer shorter than this cannot carry a useful step: thinking alone needs as much. */
export const leastOutputTokens = 1024;

/** What the run has used, and what a conversation would send next. */
export interface Standing {
  readonly meter: Meter;
  /** Tokens of the conversation as the API has counted them. */
  readonly contextTokens: number;
  /** Bytes appended since; a token has at least one, so they bound its new tokens from above. */
  readonly newBytes: number;
}

export interface Stop {
  readonly kind: "stop";
  readonly reason: RunReason;
  readonly message: string;
}

export interface Go {
  readonly kind: "go";
  readonly maxOutputTokens: number;
  /** The most that the request can cost, in nano-dollars and in tokens. */
  readonly worstNanoUSD: number;
  readonly worstTokens: number;
}

/** Decides before a request whether it may be sent and how long its answer may be. `now` in milliseconds since the epoch. */
export function admit(limits: Limits, standing: Standing, now: number): Go | Stop {
  const hard = overLimit(limits, standing, now);
  if (hard !== undefined) return hard;
  const { meter, contextTokens, newBytes } = standing;
  const prompt = contextTokens + newBytes;
  const bound = boundOf(limits.price, prompt);
  const money = Math.floor((limits.maxCostNanoUSD - meter.costNanoUSD - bound.prompt) / bound.perOutputToken);
  if (money < leastOutputTokens) return stop("BudgetExhausted", budgetMessage(limits, meter, bound.prompt));
  const tokens = limits.maxTokens - tokensOf(meter) - prompt;
  if (tokens < leastOutputTokens) return stop("TokensExhausted", tokensMessage(limits, meter));
  const maxOutputTokens = Math.min(limits.maxOutputTokens, money, tokens);
  return {
    kind: "go",
    maxOutputTokens,
    worstNanoUSD: bound.prompt + maxOutputTokens * bound.perOutputToken,
    worstTokens: prompt + maxOutputTokens,
  };
}

/** Whether the very same request may be sent once more after it was lost. */
export function admitAgain(limits: Limits, standing: Standing, go: Go, now: number): Stop | undefined {
  const hard = overLimit(limits, standing, now);
  if (hard !== undefined) return hard;
  const { meter } = standing;
  if (meter.costNanoUSD + go.worstNanoUSD > limits.maxCostNanoUSD) {
    return stop("BudgetExhausted", budgetMessage(limits, meter, go.worstNanoUSD));
  }
  if (tokensOf(meter) + go.worstTokens > limits.maxTokens) return stop("TokensExhausted", tokensMessage(limits, meter));
  return undefined;
}

function overLimit(limits: Limits, { meter, contextTokens }: Standing, now: number): Stop | undefined {
  if (now >= limits.deadline) return stop("DeadlineExceeded", "The run's time ended before a report. Raise spec.agent.timeout.");
  if (meter.turns >= limits.maxTurns) {
    return stop(
      "TurnsExhausted",
      `All ${limits.maxTurns} turns were used before a report. Raise spec.agent.maxTurns or narrow the prompt.`,
    );
  }
  if (contextTokens >= limits.maxContextTokens) {
    return stop("ContextExceeded", `The conversation reached ${contextTokens} tokens. Narrow the prompt or split the change.`);
  }
  return undefined;
}

/** How much of the scarcest limit is used, 0 to 1 and above; what the next prompt will take is counted as used. */
export function shareUsed(limits: Limits, { meter, contextTokens }: Standing, startedAt: number, now: number): number {
  const nextPrompt = boundOf(limits.price, contextTokens).prompt;
  return Math.max(
    meter.turns / limits.maxTurns,
    (tokensOf(meter) + contextTokens) / limits.maxTokens,
    limits.maxCostNanoUSD > 0 ? (meter.costNanoUSD + nextPrompt) / limits.maxCostNanoUSD : 1,
    contextTokens / limits.maxContextTokens,
    (now - startedAt) / (limits.deadline - startedAt),
  );
}

function stop(reason: RunReason, message: string): Stop {
  return { kind: "stop", reason, message };
}

function budgetMessage(limits: Limits, meter: Meter, next: number): string {
  const most = formatUSD(limits.maxCostNanoUSD);
  return `$${formatUSD(meter.costNanoUSD)} of $${most} were used and the next request could cost $${formatUSD(next)} or more. Raise spec.agent.maxCostUSD.`;
}

function tokensMessage(limits: Limits, meter: Meter): string {
  return `${tokensOf(meter)} of ${limits.maxTokens} tokens were used and the next request could pass the limit. Raise spec.agent.maxTokens.`;
}
