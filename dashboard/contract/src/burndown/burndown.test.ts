import { describe, expect, it } from "vitest";
import { burndown, countsAt, pointAt, standingAt, standings, type BurndownRow } from "./burndown.ts";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const year = 365 * day;

/** The same sequence for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A repository at a random place of its life; times are whole seconds, often equal, and the host's clock is up to two minutes off. */
function someRow(random: () => number): BurndownRow {
  const within = (most: number): number => Math.floor((random() * most) / 1000) * 1000;
  const created = start + within(10) + Math.floor(random() * 300) * day;
  const finished = created + within(4 * 3_600_000);
  const opened = finished - 120_000 + within(3_600_000);
  const ended = opened + within(60 * day);
  const text = (at: number): string => new Date(at).toISOString();
  const stage = Math.floor(random() * 5);
  const closing = random() < 0.7 ? { mergedAt: text(ended), closedAt: text(ended) } : { closedAt: text(ended) };
  return {
    createdAt: text(created),
    failed: stage === 1 && random() < 0.5,
    ...(stage === 0 ? {} : { finishedAt: text(finished) }),
    ...(stage < 3 ? {} : { pullRequest: { createdAt: text(opened), ...(stage === 4 ? closing : {}) } }),
  };
}

describe("the burndown", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("equals the table at every moment of a simulated year (seed %i)", (seed) => {
    const random = randomFrom(seed);
    const rows = Array.from({ length: 200 }, () => someRow(random));
    const points = burndown(rows);
    const moments = [
      ...points.flatMap(({ at }) => [at - 1, at, at + 1]),
      ...Array.from({ length: 365 }, (_none, index) => start + index * day),
      start + 2 * year,
    ];
    for (const moment of moments) {
      const { at: _at, ...counts } = pointAt(points, moment) ?? { at: 0, ...countsAt([], 0) };
      expect(counts).toEqual(countsAt(rows, moment));
    }
  });

  it("loses and invents no repository at any step", () => {
    const random = randomFrom(99);
    const rows = Array.from({ length: 300 }, () => someRow(random));
    const points = burndown(rows);
    for (const point of points) {
      const created = rows.filter(({ createdAt }) => Date.parse(createdAt) <= point.at).length;
      expect(standings.reduce((sum, standing) => sum + point[standing], 0)).toBe(created);
      expect(standings.every((standing) => point[standing] >= 0)).toBe(true);
    }
  });

  it("has one point for changes of the same moment, in order, each once", () => {
    const points = burndown(Array.from({ length: 50 }, () => ({ createdAt: "2026-01-01T00:00:00Z", failed: false })));
    expect(points).toEqual([{ at: start, working: 50, done: 0, failed: 0, open: 0, merged: 0, closed: 0 }]);
  });

  it("is empty without rows", () => {
    expect(burndown([])).toEqual([]);
  });
});

it.each<[string, Partial<BurndownRow>, string]>([
  ["works", {}, "working"],
  ["has ended", { finishedAt: "2026-01-01T01:00:00Z" }, "done"],
  ["has failed", { finishedAt: "2026-01-01T01:00:00Z", failed: true }, "failed"],
  ["has a pull request", { pullRequest: { createdAt: "2026-01-01T02:00:00Z" } }, "open"],
  [
    "was merged, which GitHub also calls closed",
    { pullRequest: { createdAt: "2026-01-01T02:00:00Z", mergedAt: "2026-01-01T03:00:00Z", closedAt: "2026-01-01T03:00:00Z" } },
    "merged",
  ],
  ["was closed", { pullRequest: { createdAt: "2026-01-01T02:00:00Z", closedAt: "2026-01-01T03:00:00Z" } }, "closed"],
  [
    "was merged by a clock that is behind ours",
    { pullRequest: { createdAt: "2026-01-01T02:00:00Z", mergedAt: "2026-01-01T01:59:00Z" } },
    "merged",
  ],
  ["has a time that is none", { finishedAt: "soon" }, "working"],
])("a repository that %s stands so", (_what, more, standing) => {
  const row = { createdAt: "2026-01-01T00:00:00Z", failed: false, ...more };
  expect(standingAt(row, Date.UTC(2026, 0, 2))).toBe(standing);
  expect(standingAt(row, Date.UTC(2025, 11, 31))).toBeUndefined();
});
