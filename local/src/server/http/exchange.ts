import type { Resource } from "../kinds/resource.ts";

/** A parsed request, without its body. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string | undefined;
  /** Bearer token, if any. */
  readonly token: string | undefined;
  readonly body: Buffer;
}

/** What a request is about. */
export interface Target {
  readonly resource: Resource;
  /** "" for all namespaces and for kinds without one. */
  readonly namespace: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** A whole answer; watches are answered by a stream instead. */
export interface Answer {
  readonly code: number;
  readonly body: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly warnings?: readonly string[];
}

export function jsonAnswer(code: number, body: unknown): Answer {
  return { code, body: JSON.stringify(body) };
}
