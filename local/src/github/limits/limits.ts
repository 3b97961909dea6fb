import { Refusal } from "../refusal.ts";

/** So many in so many seconds. */
export interface Window {
  readonly requests: number;
  readonly seconds: number;
}

export type Resource = "core" | "search" | "code_search" | "graphql";

export interface LimitOptions {
  /** Primary limits, GitHub's own where nothing else is said. */
  readonly core?: number | undefined;
  readonly anonymous?: number | undefined;
  readonly search?: number | undefined;
  readonly codeSearch?: number | undefined;
  readonly graphql?: number | undefined;
  /** Secondary limits on requests that make content; each of them holds. */
  readonly content?: readonly Window[] | undefined;
  /** Secondary limit on points a minute: 1 for a read, 5 for a write. */
  readonly points?: number | undefined;
  /** Status of a limited answer: GitHub uses both. */
  readonly status?: 403 | 429 | undefined;
}

/** What one request costs. */
export interface Cost {
  readonly resource: Resource;
  readonly isContent: boolean;
  /** Of the primary limit; more than 1 for GraphQL only. */
  readonly amount: number;
}

interface Used {
  used: number;
  /** Milliseconds. */
  reset: number;
}

interface Made {
  readonly at: number;
  readonly points: number;
  readonly isContent: boolean;
}

const second = 1000;
const minute: Window = { requests: 900, seconds: 60 };
/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api, read on 2026-11-21. */
const defaultContent: readonly Window[] = [
  { requests: 80, seconds: 60 },
  { requests: 500, seconds: 3600 },
];

/** GitHub's rate limits, for each credential apart. */
export class Limits {
  readonly #options: LimitOptions;
  readonly #used = new Map<string, Used>();
  readonly #made = new Map<string, readonly Made[]>();

  constructor(options: LimitOptions = {}) {
    this.#options = options;
  }

  /** Counts a request or refuses it, as GitHub does, with the headers that say how long to wait. */
  take(who: string, { resource, isContent, amount }: Cost, now: number): Refusal | undefined {
    const bucket = this.#bucket(who, resource, now);
    if (bucket.used + amount > this.#limit(who, resource)) return this.#primary(who, resource, now);
    const made = (this.#made.get(who) ?? []).filter(({ at }) => at > now - 3600 * second);
    const one: Made = { at: now, points: isContent ? 5 : 1, isContent };
    const wait = this.#secondary([...made, one], now);
    if (wait > 0) return this.#refusal("secondary", { "retry-after": String(wait) });
    bucket.used += amount;
    this.#made.set(who, [...made, one]);
    return undefined;
  }

  /** A conditional request that was answered with 304 is free. */
  giveBack(who: string, resource: Resource, now: number): void {
    this.#bucket(who, resource, now).used -= 1;
  }

  headers(who: string, resource: Resource, now: number): Readonly<Record<string, string>> {
    const { limit, remaining, reset, used } = this.state(who, resource, now);
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": String(reset),
      "x-ratelimit-used": String(used),
      "x-ratelimit-resource": resource,
    };
  }

  /** `reset` is in seconds since 1970. */
  state(who: string, resource: Resource, now: number): { limit: number; remaining: number; reset: number; used: number } {
    const { used, reset } = this.#bucket(who, resource, now);
    const limit = this.#limit(who, resource);
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(reset / second) };
  }

  #bucket(who: string, resource: Resource, now: number): Used {
    const key = `${who} ${resource}`;
    const known = this.#used.get(key);
    if (known !== undefined && now < known.reset) return known;
    const length = resource === "search" || resource === "code_search" ? 60 : 3600;
    const fresh = { used: 0, reset: now + length * second };
    this.#used.set(key, fresh);
    return fresh;
  }

  #limit(who: string, resource: Resource): number {
    const { core = 5000, anonymous = 60, search = 30, codeSearch = 10, graphql = 5000 } = this.#options;
    if (who === "" && resource === "core") return anonymous;
    return { core, search, code_search: codeSearch, graphql }[resource];
  }

  #primary(who: string, resource: Resource, now: number): Refusal {
    const whose = who === "" ? "127.0.0.1" : `user ID ${idOf(who)}`;
    return this.#refusal(`API rate limit exceeded for ${whose}.`, { ...this.headers(who, resource, now), "x-ratelimit-remaining": "0" });
  }

  /** Seconds until there is room again in every window; 0 when there is. */
  #secondary(made: readonly Made[], now: number): number {
    const content = made.filter(({ isContent }) => isContent);
    const isLastContent = made.at(-1)?.isContent === true;
    const byContent = (this.#options.content ?? defaultContent).map((window) =>
      isLastContent ? waitFor(content, () => 1, window, now) : 0,
    );
    const points = { ...minute, requests: this.#options.points ?? minute.requests };
    return Math.max(
      0,
      ...byContent,
      waitFor(made, (one) => one.points, points, now),
    );
  }

  #refusal(message: string, headers: Readonly<Record<string, string>>): Refusal {
    const secondary =
      "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.";
    return new Refusal(this.#options.status ?? 403, message === "secondary" ? secondary : message, { headers });
  }
}

/** Whole seconds until the oldest have left the window that are too many; the last one is the request that asks. */
function waitFor(made: readonly Made[], weight: (one: Made) => number, { requests, seconds }: Window, now: number): number {
  const inside = made.filter(({ at }) => at > now - seconds * second);
  let over = inside.reduce((sum, one) => sum + weight(one), 0) - requests;
  for (const one of inside) {
    if (over <= 0) return 0;
    over -= weight(one);
    if (over <= 0) return Math.max(1, Math.ceil((one.at + seconds * second - now) / second));
  }
  return 0;
}

/** A number that stays the same for a name. */
function idOf(who: string): number {
  return Buffer.from(who).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7);
}
