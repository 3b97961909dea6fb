import { join } from "node:path";
import { Agent, request } from "undici";
import { z } from "zod";
import { parseJSON, readMounted } from "../out/index.ts";

const Status = z.object({ reason: z.string().optional(), message: z.string().optional() });

/** The API server refused, or answered with a fault. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, body: z.infer<typeof Status>, retryAfterSeconds: number | undefined) {
    super(`the API server answers ${status} ${body.reason ?? ""}: ${body.message ?? ""}`);
    this.name = "ApiError";
    this.status = status;
    this.reason = body.reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface ApiOptions {
  readonly url: string;
  /** Holds `token` and perhaps `ca.crt`. */
  readonly tokenDir: string;
  readonly timeoutMs: number;
}

/** Largest answer that is read; a ConfigMap is far smaller. */
const mostAnswerBytes = 4 * 1024 * 1024;

/** Requests to the API server with the pod's own token, which is read each time since the kubelet renews it. */
export class Api {
  readonly #options: ApiOptions;
  readonly #agent: Agent;

  private constructor(options: ApiOptions, ca: string | undefined) {
    this.#options = options;
    this.#agent = new Agent({ allowH2: false, connections: 2, connect: ca === undefined ? {} : { ca } });
  }

  static async open(options: ApiOptions): Promise<Api> {
    return new Api(options, await readMounted(join(options.tokenDir, "ca.crt")));
  }

  /** The answer's JSON. Rejects with {@link ApiError}, or with a fault of the network. */
  async send(method: "GET" | "POST" | "PUT", path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    const token = (await readMounted(join(this.#options.tokenDir, "token")))?.trim();
    const deadline = AbortSignal.timeout(this.#options.timeoutMs);
    const answer = await request(`${this.#options.url}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    });
    const content = parseJSON(await readAll(answer.body));
    if (answer.statusCode < 300) return content;
    throw new ApiError(answer.statusCode, Status.safeParse(content).data ?? {}, Number(answer.headers["retry-after"]) || undefined);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

async function readAll(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostAnswerBytes) throw new Error("the API server's answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
