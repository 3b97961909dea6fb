import { badRequest } from "../http/status.ts";
import type { ApiRequest } from "../http/exchange.ts";

/** Whether the request asks for everything but the storing. */
export function dryRun(request: ApiRequest): boolean {
  const value = request.query.get("dryRun") ?? "";
  if (value !== "" && value !== "All") throw badRequest(`dryRun: Unsupported value: "${value}": supported values: "All"`);
  return value === "All";
}
