import { formatUSD } from "@codybatch/crds";
import { questionOf } from "../local-mode/index.ts";
import type { Exchange } from "../local-mode/index.ts";

interface Served {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** Dollars per million tokens of claude-opus-5-5, written down once more so that the price table is checked too. */
const price = { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 };

/** Where the gate before the stand-in is. */
interface Place {
  readonly gates: { readonly claude: { readonly exchanges: readonly Exchange[] } };
}

/** Each answer that the stand-in gave for these repositories, by its own usage fields on the wire. */
export function served({ gates }: Place, repositories: readonly string[]): readonly Served[] {
  return gates.claude.exchanges
    .filter((exchange) => repositories.includes(questionOf(exchange)?.repository ?? "") && exchange.status === 200)
    .map(({ answer }) => usageOf(answer));
}

interface Total {
  readonly tokens: Served;
  readonly nanoUSD: number;
  /** As status shows it; the percentage only where there was input. */
  readonly shown: Served & { readonly costUSD: string; readonly cacheReadPercent?: number };
}

/** The sum and its price. */
export function totalOf(answers: readonly Served[]): Total {
  const sum = (key: keyof Served): number => answers.reduce((total, one) => total + one[key], 0);
  const tokens = { input: sum("input"), output: sum("output"), cacheRead: sum("cacheRead"), cacheWrite: sum("cacheWrite") };
  const nano = (Object.keys(price) as (keyof Served)[]).reduce((total, key) => total + tokens[key] * Math.round(price[key] * 1000), 0);
  const inputs = tokens.input + tokens.cacheRead + tokens.cacheWrite;
  const share = inputs > 0 && { cacheReadPercent: Math.floor((100 * tokens.cacheRead) / inputs) };
  return { tokens, nanoUSD: nano, shown: { ...tokens, costUSD: formatUSD(nano), ...share } };
}

/** The last usage of a stream counts: it repeats the prompt's tokens and has all of the output. */
function usageOf(stream: string): Served {
  const usages = [...stream.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? "{}") as Event).flatMap(usagesIn);
  const usage = Object.assign({}, ...usages) as Record<string, number>;
  return {
    input: usage["input_tokens"]!,
    output: usage["output_tokens"]!,
    cacheRead: usage["cache_read_input_tokens"]!,
    cacheWrite: usage["cache_creation_input_tokens"]!,
  };
}

interface Event {
  readonly usage?: object;
  readonly message?: { readonly usage?: object };
}

function usagesIn({ usage, message }: Event): readonly object[] {
  return [message?.usage, usage].filter((one) => one !== undefined);
}
