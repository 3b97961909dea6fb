import { hash, stable } from "./binding.ts";
import { blocksOf } from "./request.ts";
import type { Prompt } from "./request.ts";

/** Prompt tokens as the API counts them: `input` has no cached ones. */
export interface PromptTokens {
  readonly input: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
}

/** Smallest prefix, in tokens, that the API keeps for the Sonnet models. */
const smallestPrefix = 1024;
/** A breakpoint finds an earlier entry at most so many blocks back. */
const lookback = 20;
const lifetimeMs = { "5m": 300_000, "1h": 3_600_000 } as const;

interface Segment {
  readonly hash: string;
  /** Tokens of the prompt up to and with this block. */
  readonly tokens: number;
  readonly mark: "5m" | "1h" | undefined;
}

/** Plausible, not exact: four bytes a token. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/** Prompt tokens in all, as `count_tokens` gives them. */
export function countTokens(prompt: Prompt): number {
  return segmentsOf(prompt).at(-1)?.tokens ?? 0;
}

/** The API's prompt cache: an entry per breakpoint that was sent, found by its exact prefix, renewed when read. */
export class PromptCache {
  readonly #entries = new Map<string, { readonly ttl: "5m" | "1h"; readonly expires: number }>();

  /** Counts a request's prompt and keeps its breakpoints. `now` in milliseconds. */
  count(prompt: Prompt, now: number): PromptTokens {
    const segments = segmentsOf(prompt);
    const total = segments.at(-1)?.tokens ?? 0;
    const marks = segments.flatMap((segment, index) => (segment.mark !== undefined && segment.tokens >= smallestPrefix ? [index] : []));
    const last = marks.at(-1);
    if (last === undefined) return { input: total, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };
    const read = this.#read(segments, marks, now);
    const written = (segments[last]?.tokens ?? 0) - read;
    const hourly = segments[last]?.mark === "1h";
    for (const index of marks) this.#keep(segments[index], now);
    return { input: total - read - written, cacheWrite5m: hourly ? 0 : written, cacheWrite1h: hourly ? written : 0, cacheRead: read };
  }

  #read(segments: readonly Segment[], marks: readonly number[], now: number): number {
    for (const mark of marks.toReversed()) {
      const found = segments.slice(Math.max(0, mark - lookback), mark + 1).findLast((segment) => this.#has(segment, now));
      if (found !== undefined) return found.tokens;
    }
    return 0;
  }

  #has(segment: Segment, now: number): boolean {
    const entry = this.#entries.get(segment.hash);
    if (entry === undefined || entry.expires <= now) return false;
    this.#entries.set(segment.hash, { ttl: entry.ttl, expires: now + lifetimeMs[entry.ttl] });
    return true;
  }

  #keep(segment: Segment | undefined, now: number): void {
    if (segment?.mark === undefined) return;
    for (const [key, entry] of this.#entries) if (entry.expires <= now) this.#entries.delete(key);
    this.#entries.set(segment.hash, { ttl: segment.mark, expires: now + lifetimeMs[segment.mark] });
  }
}

type Markable = { readonly cache_control?: { readonly ttl?: "5m" | "1h" | undefined } | null | undefined };

function segmentsOf(prompt: Prompt): readonly Segment[] {
  const system = typeof prompt.system === "string" ? [{ type: "text", text: prompt.system }] : (prompt.system ?? []);
  const blocks: readonly object[] = [...(prompt.tools ?? []), ...system, ...prompt.messages.flatMap(blocksOf)];
  const segments: Segment[] = [];
  for (const block of blocks) {
    const text = stable(block);
    const before = segments.at(-1);
    segments.push({ hash: hash(`${before?.hash}\0${text}`), tokens: (before?.tokens ?? 0) + tokensOf(text), mark: markOf(block) });
  }
  return prompt.cache_control ? withAutomaticMark(segments, prompt.cache_control.ttl ?? "5m") : segments;
}

function markOf(block: Markable): "5m" | "1h" | undefined {
  return block.cache_control ? (block.cache_control.ttl ?? "5m") : undefined;
}

/** Top-level cache_control puts a breakpoint on the last block. */
function withAutomaticMark(segments: readonly Segment[], ttl: "5m" | "1h"): readonly Segment[] {
  return segments.map((segment, index) => (index === segments.length - 1 ? { ...segment, mark: ttl } : segment));
}
