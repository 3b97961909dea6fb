import { z } from "zod";

const failureSchema = z.looseObject({ message: z.string().optional(), reason: z.string().optional() });

/** An answer other than 2xx; `status` is the HTTP code, `reason` Kubernetes' word such as NotFound. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
  }
}

export interface Api {
  readonly get: (path: string) => Promise<unknown>;
  readonly create: (path: string, body: unknown) => Promise<unknown>;
  readonly patch: (path: string, body: unknown) => Promise<unknown>;
  readonly remove: (path: string, options: unknown) => Promise<unknown>;
  /** The lines of a watch, parsed; ends when the server closes or the signal aborts. */
  readonly watch: (path: string, signal: AbortSignal) => AsyncIterable<unknown>;
}

/** Kubernetes over plain HTTP. Every request but a watch is given up after `timeoutMilliseconds`. */
export function createApi(server: string, timeoutMilliseconds: number): Api {
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const response = await fetch(new URL(path, server), {
      method,
      headers: { accept: "application/json", "content-type": type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    return answerOf(response);
  };
  return {
    get: (path) => send("GET", path),
    create: (path, body) => send("POST", path, body),
    patch: (path, body) => send("PATCH", path, body),
    remove: (path, options) => send("DELETE", path, options),
    watch: (path, signal) => watchLines(new URL(path, server), signal),
  };
}

/** Undefined in place of an answer that the object does not exist. */
export async function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

async function answerOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  throw failureOf(response.status, text);
}

function failureOf(status: number, text: string): ApiError {
  try {
    const { message, reason } = failureSchema.parse(JSON.parse(text));
    return new ApiError(status, reason ?? "Unknown", message ?? text);
  } catch {
    return new ApiError(status, "Unknown", text.slice(0, 500));
  }
}

async function* watchLines(url: URL, signal: AbortSignal): AsyncIterable<unknown> {
  const response = await fetch(url, { headers: { accept: "application/json" }, signal });
  if (!response.ok) throw failureOf(response.status, await response.text());
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield JSON.parse(line);
  }
}
