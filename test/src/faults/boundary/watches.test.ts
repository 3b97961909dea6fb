import type { Cut, FaultedRequest } from "@codybatch/local";
import { beforeAll, describe, expect, test } from "vitest";
import { playWith } from "./playground.ts";
import type { Outcome } from "./playground.ts";
import type { Mishaps } from "./stage.ts";

/** So short that a watch that says nothing is given up within the run, and a miss is found by the next list. */
const times = { CODYBATCH_WATCH_SILENCE_SECONDS: "8", CODYBATCH_RELIST_SECONDS: "20" };

let clean: Outcome;
beforeAll(async () => {
  clean = await playWith({ times });
});

const watched = ["batchchanges", "changesets", "jobs", "pods", "configmaps"];
const cuts: readonly Cut[] = ["reset", "resetMidLine", "halfLine", "close", "silence", "expired", "error"];
const cases = watched.flatMap((plural) => cuts.flatMap((how) => [0, 1, 3, 7].map((afterLines) => ({ plural, how, afterLines }))));

describe("a watch that ends badly is taken up again", () => {
  test.concurrent.each(cases)("$plural: $how after line $afterLines", async ({ plural, how, afterLines }) => {
    expect(await playWith({ mishaps: once(plural, { kind: "cut", afterLines, how }), times })).toEqual(clean);
  });
});

describe("a watch that is away for longer than the server remembers starts from a list", () => {
  test.concurrent.each(watched.flatMap((plural) => [0, 1, 3].map((afterLines) => ({ plural, afterLines }))))(
    "$plural: after line $afterLines",
    async ({ plural, afterLines }) => {
      const cut = once(plural, { kind: "cut", afterLines, how: "reset" });
      // The next watch of that kind is let in only when the server has forgotten where it must begin.
      const late: Mishaps = (request) => cut(request) ?? (isWatchOf(plural, request) ? { kind: "delay", milliseconds: 100 } : undefined);
      expect(await playWith({ mishaps: late, remembered: 3, times })).toEqual(clean);
    },
  );
});

describe("a watch that does not tell the truth does no harm", () => {
  test.concurrent.each(watched)("%s: every line comes twice", async (plural) => {
    expect(await playWith({ mishaps: always(plural, (line) => [line, line]), times })).toEqual(clean);
  });

  test.concurrent.each(watched)("%s: every line is followed by the one before", async (plural) => {
    let before: string | undefined;
    const edit = (line: string): readonly string[] => {
      const lines = before === undefined ? [line] : [line, before];
      before = line;
      return lines;
    };
    expect(await playWith({ mishaps: always(plural, edit), times })).toEqual(clean);
  });

  test.concurrent.each(watched.flatMap((plural) => [0, 1, 2, 3, 5].map((lost) => ({ plural, lost }))))(
    "$plural: line $lost is lost",
    async ({ plural, lost }) => {
      expect(await playWith({ mishaps: always(plural, (line, index) => (index === lost ? [] : [line])), times })).toEqual(clean);
    },
  );

  test.concurrent.each(watched)("%s: nothing is told but bookmarks", async (plural) => {
    expect(await playWith({ mishaps: always(plural, (line) => (line.includes('"BOOKMARK"') ? [line] : [])), times })).toEqual(clean);
  });
});

type Edit = (line: string, index: number) => readonly string[];

/** Strikes the first watch of that kind only. */
function once(plural: string, fault: NonNullable<ReturnType<Mishaps>>): Mishaps {
  let isDone = false;
  return (request) => {
    if (isDone || !isWatchOf(plural, request)) return undefined;
    isDone = true;
    return fault;
  };
}

function always(plural: string, edit: Edit): Mishaps {
  return (request) => (isWatchOf(plural, request) ? { kind: "edit", edit } : undefined);
}

function isWatchOf(plural: string, { watch, path }: FaultedRequest): boolean {
  return watch && path.endsWith(`/${plural}`);
}
