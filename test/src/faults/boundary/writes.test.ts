import type { FaultedRequest } from "@codybatch/local";
import { beforeAll, describe, expect, test } from "vitest";
import { playWith } from "./playground.ts";
import type { Outcome } from "./playground.ts";
import type { Mishap } from "./stage.ts";
import { atWrite, writesOfARun } from "./writes.ts";

let clean: Outcome;
beforeAll(async () => {
  clean = await playWith();
});

test("two clean runs come to the same", async () => {
  expect(await playWith()).toEqual(clean);
});

interface Row {
  readonly what: string;
  readonly mishap: (request: FaultedRequest) => Mishap;
  readonly times?: Readonly<Record<string, string>>;
}

const rows: readonly Row[] = [
  { what: "the operator dies before it", mishap: () => ({ kind: "crash", commitFirst: false }) },
  { what: "the operator dies after it", mishap: () => ({ kind: "crash", commitFirst: true }) },
  { what: "it is refused with 409", mishap: conflict },
  { what: "it is refused with 404", mishap: () => ({ kind: "answer", status: 404, reason: "NotFound" }) },
  { what: "it is refused with 429", mishap: () => ({ kind: "answer", status: 429, reason: "TooManyRequests", retryAfterSeconds: 1 }) },
  { what: "it fails with 500", mishap: () => ({ kind: "answer", status: 500, reason: "InternalError" }) },
  { what: "the connection breaks before it is done", mishap: () => ({ kind: "reset" }) },
  { what: "the connection breaks after it is done", mishap: () => ({ kind: "reset", commitFirst: true }) },
  {
    what: "it is done and never answered",
    mishap: () => ({ kind: "silence", commitFirst: true }),
    times: { CODYBATCH_REQUEST_TIMEOUT_SECONDS: "0.5" },
  },
];

const numbers = Array.from({ length: writesOfARun }, (_, index) => index + 1);

describe.each(rows)("when $what", ({ mishap, times }) => {
  test.concurrent.each(numbers)("write %i is made good", async (number) => {
    expect(await playWith({ mishaps: atWrite(number, mishap), ...(times && { times }) })).toEqual(clean);
  });
});

test.each([404, 409])("a deletion of the last Job that is answered with a false %i is repeated without any event", async (status) => {
  let deletions = 0;
  const isLast = ({ method, path }: FaultedRequest): boolean => method === "DELETE" && path.includes("/jobs/") && (deletions += 1) === 4;
  const outcome = await playWith({
    mishaps: (request) => (isLast(request) ? { kind: "answer", status, reason: "NotFound" } : undefined),
  });
  expect(deletions).toBe(5);
  expect(outcome).toEqual(clean);
});

/** A create that somebody repeated on the way, and a patch of what was changed meanwhile. */
function conflict({ method }: FaultedRequest): Mishap {
  if (method === "POST") return { kind: "answer", status: 409, reason: "AlreadyExists", commitFirst: true };
  return { kind: "answer", status: 409, reason: "Conflict" };
}
