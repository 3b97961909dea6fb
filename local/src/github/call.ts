import type { IncomingHttpHeaders } from "node:http";

/** One request as the stand-in understands it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** It came over this machine's own interface. */
  readonly isLoopback: boolean;
  /** Scheme and host as the client wrote them. */
  readonly origin: string;
  /** As in {@link RequestEntry}. */
  readonly operation: string;
  readonly repository: string | undefined;
  /** Name of its token; undefined for nobody and for an App itself. */
  readonly token: string | undefined;
  readonly writes: boolean;
}

/** A header that comes once. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
