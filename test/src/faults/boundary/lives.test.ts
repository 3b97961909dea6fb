import type { FaultedRequest } from "@codybatch/local";
import { beforeAll, describe, expect, test } from "vitest";
import { playWith } from "./playground.ts";
import type { Outcome } from "./playground.ts";
import { atWrite, writesOfARun } from "./writes.ts";

let clean: Outcome;
beforeAll(async () => {
  clean = await playWith();
});

const isJob = ({ method, path }: FaultedRequest): boolean => method === "POST" && path.endsWith("/jobs");

test.each([1, 2])("%i Jobs that were started, ended and deleted while there was no operator are not run again", async (count) => {
  const gone = Promise.withResolvers<void>();
  let jobs = 0;
  const outcome = await playWith({
    mishaps: (request) => {
      if (!isJob(request) || (jobs += 1) !== count) return undefined;
      return { kind: "crash", commitFirst: true, until: gone.promise };
    },
    meanwhile: async (user) => {
      for (const name of await user.untilJobsEnded(count)) await user.remove("jobs", name);
      gone.resolve();
    },
  });
  expect(outcome.counts).toEqual(clean.counts);
  // Whose pod wrote the stored result can no longer be told, so nobody is believed and the whole reservation counts.
  const lost = { phase: "Failed", reason: "ResultLost", chargedNanoUSD: 1_000_000_000 };
  expect(endsOf(outcome).filter(({ reason }) => reason === "ResultLost")).toEqual(Array.from({ length: count }, () => lost));
});

type End = Readonly<Record<"phase" | "reason" | "chargedNanoUSD", unknown>>;

function endsOf({ picture }: Outcome): readonly End[] {
  const changesets = Object.entries(picture).filter(([name]) => name.startsWith("changesets"));
  return changesets.map(([, object]) => {
    const { phase, reason, chargedNanoUSD } = (object as { readonly status: End }).status;
    return { phase, reason, chargedNanoUSD };
  });
}

test.each(Array.from({ length: 10 }, (_, index) => index + 1))(
  "two operators that both believe to lead do nothing twice (run %i)",
  async () => {
    expect(await playWith({ leaders: 2 })).toEqual(clean);
  },
);

describe("a batch that is deleted in mid-run leaves nothing, and runs anew under the same name", () => {
  // The last few writes of a run may not come.
  const numbers = Array.from({ length: writesOfARun - 6 }, (_, index) => index + 1);
  test.concurrent.each(numbers)("at write %i", async (number) => {
    const reached = Promise.withResolvers<void>();
    const outcome = await playWith({
      mishaps: atWrite(number, () => {
        reached.resolve();
        return { kind: "delay", milliseconds: 5 };
      }),
      meanwhile: async (user) => {
        await reached.promise;
        await user.remove();
        await user.untilNothingIsLeft();
        await user.apply();
      },
    });
    expect(outcome.picture).toEqual(clean.picture);
    expect(ofChangesets(outcome)).toEqual(ofChangesets(clean));
  });
});

/** The new Changesets; those of the deleted batch have other names. */
function ofChangesets({ counts }: Outcome): object {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => name.includes("<acme/")));
}
