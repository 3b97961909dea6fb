import { z } from "zod";

/** What can go wrong, and the status that it is answered with. */
export const faultStatus = {
  BadRequest: 400,
  Unauthenticated: 401,
  Forbidden: 403,
  NotFound: 404,
  Gone: 410,
  TooLarge: 413,
  RangeNotSatisfiable: 416,
  TooManyRequests: 429,
  Internal: 500,
  Unavailable: 503,
} as const;
export type FaultKind = keyof typeof faultStatus;

/** Why there is no session, for the page that says so. */
export const sessionReasons = ["NoToken", "TokenRefused", "TokenExpired", "ProxyRefused", "ReviewUnavailable"] as const;

const kinds = z.enum([
  "BadRequest",
  "Unauthenticated",
  "Forbidden",
  "NotFound",
  "Gone",
  "TooLarge",
  "RangeNotSatisfiable",
  "TooManyRequests",
  "Internal",
  "Unavailable",
]) satisfies z.ZodType<FaultKind>;

/** A right that an administrator can give by a Role. */
export const Needs = z
  .object({
    verb: z.string().meta({ description: "Such as list." }),
    group: z.string().meta({ description: "API group of the resource." }),
    resource: z.string().meta({ description: "Such as batchchanges, or batchchanges/transcript." }),
    namespace: z.string().optional().meta({ description: "Absent for all namespaces." }),
  })
  .meta({ description: "The right that is missing." });
export type Needs = z.infer<typeof Needs>;

/** The one shape of every refusal. An object that does not exist and one that may not be seen are the same 404. */
export const Fault = z.object({
  error: z.object({
    kind: kinds.meta({ description: "What went wrong, in one word." }),
    message: z.string().meta({ description: "The same for a person, with what to do." }),
    reason: z.enum(sessionReasons).optional().meta({ description: "With Unauthenticated: why there is no session." }),
    needs: Needs.optional(),
    field: z.string().optional().meta({ description: "With BadRequest: the parameter that was refused." }),
    command: z.string().optional().meta({ description: "A kubectl line that leads on, such as one that copies a file from a claim." }),
    retryAfterSeconds: z.number().optional().meta({ description: "With TooManyRequests and Unavailable: when to ask again." }),
  }),
});
export type Fault = z.infer<typeof Fault>;
