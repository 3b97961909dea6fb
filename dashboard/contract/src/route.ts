import type { z } from "zod";
import type { FaultKind } from "./fault.ts";

/** What a route answers with when all is well. */
type Answered<S extends z.ZodType> =
  | { readonly media: "application/json"; readonly schema: S }
  | { readonly media: "text/x-diff" | "application/jsonl" | "text/event-stream" | "text/csv" };

/** One line of the table of routes. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly summary: string;
  /** False where it answers without a session. */
  readonly session: boolean;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly answer: Answered<z.ZodType>;
  /** Refusals beyond BadRequest, Unauthenticated, TooManyRequests, Internal and Unavailable, which every route with a session may give. */
  readonly faults: readonly FaultKind[];
}
