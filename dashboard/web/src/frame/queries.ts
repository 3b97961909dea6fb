import { newQueryClient } from "../client/cache.ts";
import { endSession } from "../session/session.ts";

/** The answers of this tab. */
export const queries = newQueryClient(({ fault }) => endSession(fault.reason ?? "NoToken"));
