import type { FaultedRequest } from "@codybatch/local";
import type { Mishap, Mishaps } from "./stage.ts";

/** Writes of the operator in an undisturbed run of the playground, Lease aside; a few more come and go with the order in which pods end. */
export const writesOfARun = 34;

/** Strikes the operator's n-th write, counted from 1; renewing the Lease does not count. */
export function atWrite(number: number, mishap: (request: FaultedRequest) => Mishap): Mishaps {
  let seen = 0;
  return (request) => {
    if (request.method === "GET" || request.path.includes("/leases")) return undefined;
    seen += 1;
    return seen === number ? mishap(request) : undefined;
  };
}
