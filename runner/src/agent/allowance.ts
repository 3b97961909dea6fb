import { durationSeconds, type Price, type RunInput } from "@codybatch/crds";
import { priceOf } from "./money/prices.ts";
import type { Ending } from "./session/ending.ts";
import type { Limits } from "./session/limits.ts";

export interface Prices {
  readonly agent: Price;
  /** Of the second opinion's model. */
  readonly review?: Price;
}

/** What each model of a run costs at a time, or the end of a run whose cost could not be held. */
export function pricesOf({ agent, review, prices }: RunInput, at: Date): Prices | Ending {
  const own = priceOf(agent.model, at, prices);
  if (own === undefined) return priceUnknown(agent.model, "spec.agent.model");
  if (review === undefined) return { agent: own };
  const other = priceOf(review.model, at, prices);
  return other === undefined ? priceUnknown(review.model, "spec.review.model") : { agent: own, review: other };
}

function priceUnknown(model: string, field: string): Ending {
  const message = `No price is known for the model ${model} of ${field}, so its cost could not be held to spec.agent.maxCostUSD. Choose a model with a known price, or have the administrator add its price to limits.prices.`;
  return { reason: "PriceUnknown", message };
}

/** Long answers cost most where thinking is long. */
const outputTokens = { low: 16_000, medium: 16_000, high: 24_000, xhigh: 32_000, max: 32_000 } as const;

/** Above this many tokens a conversation is dear and its quality falls; a price tier below it, as Haiku's, is kept to. */
const mostContextTokens = 180_000;

/** What a run may use, reckoned at the price of the model that is asked. `startedAt` in milliseconds since the epoch. */
export function limitsOf(input: RunInput, price: Price, startedAt: number): Limits {
  const { agent } = input;
  return {
    maxTurns: agent.maxTurns,
    maxTokens: agent.maxTokens,
    maxCostNanoUSD: agent.maxCostNanoUSD,
    deadline: deadlineOf(input, startedAt),
    maxOutputTokens: outputTokens[agent.effort],
    maxContextTokens: Math.min(mostContextTokens, price.tiers[0]?.maxPromptTokens ?? mostContextTokens),
    price,
  };
}

/** Milliseconds since the epoch. */
export function deadlineOf({ agent }: RunInput, startedAt: number): number {
  return startedAt + durationSeconds(agent.timeout) * 1000;
}
