import type { Price, PriceTier } from "@codybatch/crds";

/** A price as it was found on a day. */
export interface PriceEntry extends Price {
  readonly source: string;
  readonly checkedOn: string;
}

const pricing = "platform.claude.com/docs/en/about-claude/pricing";
const checkedOn = "2026-11-21";
const always = "2025-01-01";

type Row = readonly [input: number, output: number, cacheRead: number, write5m: number, write1h: number];

function tier([input, output, cacheRead, write5m, write1h]: Row, maxPromptTokens?: number): PriceTier {
  return { input, output, cacheRead, write5m, write1h, ...(maxPromptTokens === undefined ? {} : { maxPromptTokens }) };
}

function flat(models: readonly string[], row: Row, source = pricing, effectiveFrom = always): readonly PriceEntry[] {
  return models.map((model) => ({ model, effectiveFrom, tiers: [tier(row)], source, checkedOn }));
}

/** Every model that may be run; a model that is missing has no price and is refused. Models match by whole name, optionally with a date. */
export const prices: readonly PriceEntry[] = [
  ...flat(["claude-fable-5-2"], [8, 40, 0.2, 10, 16], "rightsize v0.10.2 and docs.laozhang.ai, 2026-11-10, which agree"),
  ...flat(["claude-fable-5-1", "claude-mythos-5-1"], [10, 50, 0.25, 12.5, 20]),
  ...flat(["claude-fable-5", "claude-mythos-5"], [10, 50, 1, 12.5, 20]),
  ...flat(["claude-opus-5-5"], [4, 20, 0.2, 5, 8], "platform.claude.com model page of Opus 5.5"),
  ...flat(["claude-opus-5", "claude-opus-4-8", "claude-opus-4-7", "claude-opus-4-6", "claude-opus-4-5"], [5, 25, 0.5, 6.25, 10]),
  ...flat(["claude-sonnet-5-5"], [2, 10, 0.2, 2.5, 4], "platform.claude.com model page of Sonnet 5.5"),
  ...flat(["claude-sonnet-5-5"], [2, 10, 0.1, 2.5, 4], "claudit v1.9.2 and PromptFuel v1.0.23, which agree", "2026-10-07"),
  ...flat(["claude-sonnet-5"], [2, 10, 0.2, 2.5, 4]),
  ...flat(["claude-sonnet-4-6", "claude-sonnet-4-5"], [3, 15, 0.3, 3.75, 6]),
  {
    model: "claude-haiku-5-5",
    effectiveFrom: always,
    tiers: [tier([0.1, 0.5, 0.01, 0.125, 0.2], 100_000), tier([0.5, 2.5, 0.05, 0.625, 1])],
    source: "claudit, PromptFuel and synaps, which agree",
    checkedOn,
  },
  ...flat(["claude-haiku-4-5"], [1, 5, 0.1, 1.25, 2]),
];

/** The price of a model on a day, or undefined: an unknown price is never taken for 0. An administrator's `own` prices go first. */
export function priceOf(model: string, at: Date, own: readonly Price[] = []): Price | undefined {
  const day = at.toISOString().slice(0, 10);
  return inEffect(own, model, day) ?? inEffect(prices, model, day);
}

function inEffect(table: readonly Price[], model: string, day: string): Price | undefined {
  return table
    .filter((entry) => isModel(model, entry.model) && entry.effectiveFrom <= day)
    .toSorted((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom))[0];
}

/** `claude-opus-5` also names `claude-opus-5-20260101`, but never `claude-opus-5-9`, which is another model. */
function isModel(model: string, name: string): boolean {
  return model === name || (model.startsWith(`${name}-`) && /^\d{8}$/.test(model.slice(name.length + 1)));
}
