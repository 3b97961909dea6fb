import { z } from "zod";
import type { Call } from "../call.ts";

/** Which requests something is about: an operation by name, `write` for all that may change something, `*` for all. */
const Match = {
  operation: z.string().min(1),
  /** `owner/name`. */
  repository: z.string().min(1).optional(),
  /** Name of a token. */
  token: z.string().min(1).optional(),
};

/** One thing that goes wrong. Exactly one of status, reset, hang and slowMs. */
export const Fault = z
  .strictObject({
    ...Match,
    /** How often; without: once. */
    times: z.union([z.int().min(1), z.literal("always")]).default(1),
    /** So many that fit are spared first. */
    skip: z.int().min(0).default(0),
    /** Before the request takes effect, or after it did. */
    at: z.enum(["before", "after"]).default("before"),
    status: z.int().min(400).max(599).optional(),
    message: z.string().optional(),
    retryAfterSeconds: z.int().min(0).optional(),
    /** The connection breaks. */
    reset: z.literal(true).optional(),
    /** There is no answer for as long as the client waits. */
    hang: z.literal(true).optional(),
    slowMs: z.int().min(1).max(600_000).optional(),
  })
  .refine(({ status, reset, hang, slowMs }) => [status, reset, hang, slowMs].filter((one) => one !== undefined).length === 1, {
    message: "give exactly one of status, reset, hang and slowMs",
  });
export type Fault = z.infer<typeof Fault>;
export type FaultInput = z.input<typeof Fault>;

/** What of a request a fault looks at. */
type Subject = Pick<Call, "operation" | "repository" | "token" | "writes">;

export function fits({ operation, repository, token }: Pick<Fault, "operation" | "repository" | "token">, call: Subject): boolean {
  const isOperation = operation === "*" || operation === call.operation || (operation === "write" && call.writes);
  const isRepository = repository === undefined || repository.toLowerCase() === call.repository?.toLowerCase();
  return isOperation && isRepository && (token === undefined || token === call.token);
}

interface Planned {
  readonly fault: Fault;
  met: number;
}

/** The faults to come, in the order in which they were asked for. */
export class Faults {
  readonly #planned: Planned[] = [];

  /** Plans a fault. Throws a ZodError for one that cannot be read. */
  add(input: FaultInput): void {
    this.#planned.push({ fault: Fault.parse(input), met: 0 });
  }

  clear(): void {
    this.#planned.length = 0;
  }

  /** The fault that strikes this request, if any; each one that fits counts it. */
  next(call: Subject): Fault | undefined {
    for (const planned of this.#planned) {
      if (!fits(planned.fault, call)) continue;
      planned.met += 1;
      const { skip, times } = planned.fault;
      if (planned.met > skip && (times === "always" || planned.met <= skip + times)) return planned.fault;
    }
    return undefined;
  }
}
