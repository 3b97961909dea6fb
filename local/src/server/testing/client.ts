import type { KubeObject } from "../object.ts";

/** A list, a Status or an object, as far as tests look into them. */
export interface Reply {
  readonly code: number;
  readonly headers: Headers;
  readonly body: KubeObject & {
    readonly items: readonly KubeObject[];
    readonly metadata: { readonly continue?: string; readonly remainingItemCount?: number };
    readonly message: string;
    readonly reason: string;
    readonly details: { readonly causes: readonly { readonly field: string; readonly reason: string; readonly message: string }[] };
    readonly [key: string]: unknown;
  };
}

export interface Line {
  readonly type: string;
  readonly object: Reply["body"];
}

interface Sent {
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Milliseconds after which a watch that does not see enough fails its test. */
const longestWatch = 10_000;

/** The plainest HTTP client of the server, for its tests. */
export class Client {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async call(method: string, path: string, { body, type = "application/json", headers = {} }: Sent = {}): Promise<Reply> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const sent = body === undefined ? { headers } : { body: text, headers: { "content-type": type, ...headers } };
    const response = await fetch(`${this.url}${path}`, { method, ...sent });
    return { code: response.status, headers: response.headers, body: (await response.json()) as Reply["body"] };
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.call("GET", path, { headers });
  }

  post(path: string, body: unknown): Promise<Reply> {
    return this.call("POST", path, { body });
  }

  put(path: string, body: unknown): Promise<Reply> {
    return this.call("PUT", path, { body });
  }

  patch(path: string, body: unknown, type = "application/merge-patch+json"): Promise<Reply> {
    return this.call("PATCH", path, { body, type });
  }

  remove(path: string, options?: unknown): Promise<Reply> {
    return this.call("DELETE", path, { body: options });
  }

  /** The lines of a watch until `enough` says so, or until it ends. */
  async watch(
    path: string,
    enough: (lines: readonly Line[]) => boolean = () => false,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<readonly Line[]> {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(longestWatch)]);
    const response = await fetch(`${this.url}${path}`, { signal, headers });
    const lines: Line[] = [];
    let rest = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts.map((part) => JSON.parse(part) as Line));
      if (enough(lines)) break;
    }
    abort.abort();
    return lines;
  }
}

/** Repeats a question until its answer fits. Fails after five seconds. */
export async function eventually<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`not in time; last answer: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
