import type { NextFunction, Request, Response, Router } from "express";
import type { z } from "zod";
import type { Door } from "../access/door.ts";
import type { Viewer } from "../access/viewer.ts";
import { Refusal } from "./refusal.ts";

/** A request that has passed the route's schemas and the door. */
export interface Asked<P, Q> {
  readonly params: P;
  readonly query: Q;
  readonly viewer: Viewer;
  readonly request: Request;
  readonly response: Response;
}

interface Bound<P extends z.ZodObject, Q extends z.ZodObject> {
  readonly path: string;
  readonly params: P;
  readonly query: Q;
}

interface JSONBound<P extends z.ZodObject, Q extends z.ZodObject, S extends z.ZodType> extends Bound<P, Q> {
  readonly answer: { readonly schema: S };
}

type Handler<P extends z.ZodObject, Q extends z.ZodObject, A> = (asked: Asked<z.output<P>, z.output<Q>>) => Promise<A> | A;

/** Ties handlers to routes of the contract, for those who have passed the door. */
export class Binder {
  readonly #router: Router;
  readonly #door: Door;

  constructor(router: Router, door: Door) {
    this.#router = router;
    this.#door = door;
  }

  /** A route that answers with JSON; the type of its answer is the contract's. */
  json<P extends z.ZodObject, Q extends z.ZodObject, S extends z.ZodType>(
    route: JSONBound<P, Q, S>,
    handler: Handler<P, Q, z.output<S>>,
  ): void {
    this.#get(route, async (asked) => {
      asked.response.json(await handler(asked));
    });
  }

  /** A route whose handler writes the answer. */
  stream<P extends z.ZodObject, Q extends z.ZodObject>(route: Bound<P, Q>, handler: Handler<P, Q, void>): void {
    this.#get(route, handler);
  }

  #get<P extends z.ZodObject, Q extends z.ZodObject>(route: Bound<P, Q>, handler: Handler<P, Q, void>): void {
    this.#router.get(route.path, async (request: Request, response: Response, next: NextFunction) => {
      try {
        // First: who may see nothing learns nothing of forms either.
        const viewer = await this.#door.viewerOf(request);
        const asked = {
          params: checked(route.params, request.params),
          query: checked(route.query, queryOf(request)),
          viewer,
          request,
          response,
        };
        await handler(asked);
      } catch (error) {
        next(error);
      }
    });
  }
}

/** The parameters of the address as plain texts; of one that is given twice the last. */
export function queryOf(request: Request): Readonly<Record<string, string>> {
  return Object.fromEntries(new URL(request.originalUrl, "http://localhost").searchParams);
}

/** Throws a 400 that names the field. */
export function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.code === "unrecognized_keys" ? (issue.keys[0] ?? "") : String(issue?.path[0] ?? "");
  const message = issue?.code === "unrecognized_keys" ? "is not known here" : (issue?.message ?? "is wrong");
  throw new Refusal("BadRequest", `${field.slice(0, 64)}: ${message}`.slice(0, 300), { field: field.slice(0, 64) });
}
