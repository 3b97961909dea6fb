import { describe, expect, it, test } from "vitest";
import { emptyLedger, reserve, settle, type Ledger } from "./ledger.ts";
import { afterPass, behind, served, type Line } from "./line.ts";
import { holds, purseOf, take } from "./purse.ts";
import { Quota, Quotas, quotasOf } from "./quota.ts";
import { quotaWait } from "./wait.ts";

const now = new Date("2026-11-21T10:00:00Z");
const usd = (dollars: number): number => dollars * 1e9;
const quota = (period: "day" | "month", maxCostUSD: number | string): Quota => ({ namespaces: ["*"], period, maxCostUSD });
const asked = (dollars: number, job = "new-0-0") => ({ job, nanoUSD: usd(dollars) });

/** Spent and open, as "day dollars". */
function ledgerOf({ spent = [], open = [] }: { spent?: readonly [string, number][]; open?: readonly [string, number][] }): Ledger {
  const add = (ledger: Ledger, [day, dollars]: [string, number], job: string) =>
    reserve(ledger, job, { nanoUSD: usd(dollars), at: `${day}T09:00:00.000Z` });
  const settled = spent.reduce(
    (ledger, one, index) => settle(add(ledger, one, `s${index}-0-0`), `s${index}-0-0`, usd(one[1])),
    emptyLedger,
  );
  return open.reduce((ledger, one, index) => add(ledger, one, `o${index}-0-0`), settled);
}

function purse(quotas: readonly Quota[], ledger: Ledger, unused: readonly string[] = []) {
  return purseOf("team-a", quotas, ledger, { unused: new Set(unused), now });
}

describe("a start", () => {
  const today = "2026-11-21";
  test.each<[string, readonly Quota[], Parameters<typeof ledgerOf>[0], { asks: number; fits: boolean }]>([
    ["fits an empty ledger to the last dollar", [quota("day", 2)], {}, { asks: 2, fits: true }],
    ["does not fit a dollar less", [quota("day", "1.9999")], {}, { asks: 2, fits: false }],
    ["fits beside what is spent and reserved", [quota("day", 5)], { spent: [[today, 1]], open: [[today, 2]] }, { asks: 2, fits: true }],
    ["does not fit more", [quota("day", 5)], { spent: [[today, 1.0001]], open: [[today, 2]] }, { asks: 2, fits: false }],
    ["has a new day to itself", [quota("day", 2)], { spent: [["2026-11-20", 2]], open: [["2026-11-20", 2]] }, { asks: 2, fits: true }],
    [
      "shares the month with other days",
      [quota("month", 5)],
      { spent: [["2026-11-01", 2]], open: [["2026-11-20", 2]] },
      { asks: 2, fits: false },
    ],
    ["must fit every quota", [quota("day", 5), quota("month", 3)], { spent: [["2026-11-01", 2]] }, { asks: 2, fits: false }],
    ["is refused by a quota of nothing", [quota("month", 0)], {}, { asks: 1, fits: false }],
  ])("%s", (_, quotas, ledger, { asks, fits }) => {
    expect(holds(purse(quotas, ledgerOf(ledger)), asked(asks))).toBe(fits);
  });

  it("needs nothing more for a Job whose money is set aside already, and nobody else may have it", () => {
    const open = purse([quota("day", 2)], ledgerOf({ open: [["2026-11-21", 2]] }), ["o0-0-0"]);
    expect([holds(open, asked(2, "o0-0-0")), holds(open, asked(2)), holds(open, asked(3, "o0-0-0"))]).toEqual([true, false, false]);
    expect(holds(take(open, asked(2, "o0-0-0")), asked(0.0001, "o0-0-0"))).toBe(false);
    expect(holds(take(open, asked(1, "o0-0-0")), asked(1))).toBe(false);
  });
});

describe("a wait", () => {
  it("names the quota, what is used and when it renews", () => {
    const wait = quotaWait(purse([quota("day", 5)], ledgerOf({ spent: [["2026-11-21", 1.5]], open: [["2026-11-21", 2]] })), asked(2));
    expect(wait).toMatchObject({ reason: "WaitingForQuota", needsNanoUSD: usd(2), until: new Date("2026-11-22T00:00:00Z") });
    expect(wait?.message).toBe(
      "This attempt may cost $2.00, which does not fit the quota of $5.00 a day for namespace team-a: $1.50 are spent and $2.00 reserved. It renews at 2026-11-22T00:00:00Z.",
    );
    expect(wait?.steady.every((part) => wait.message.includes(part) && !part.includes("1.50"))).toBe(true);
  });

  it("is for the quota that renews last, and above all for one that can never hold the start", () => {
    const spent = ledgerOf({ spent: [["2026-11-21", 4]] });
    expect(quotaWait(purse([quota("day", 4), quota("month", 4)], spent), asked(2))?.message).toContain("$4.00 a month");
    expect(quotaWait(purse([quota("month", 4), quota("day", 1)], spent), asked(2))).toMatchObject({ reason: "QuotaTooSmall" });
  });

  it("has no end but somebody's doing when the ledger is closed", () => {
    expect(quotaWait({ kind: "Closed", message: "Ask." }, asked(2))).toEqual({ reason: "WaitingForQuota", message: "Ask.", steady: [] });
  });
});

describe("the line", () => {
  const line: Line = [
    { batch: "a/first", needsNanoUSD: usd(3) },
    { batch: "a/second", needsNanoUSD: usd(1) },
  ];
  const open = (dollars: number) => purse([quota("day", dollars)], emptyLedger);

  it("keeps for those before what they can have, and no more", () => {
    const left = (batch: string, dollars: number) => dollars - behind(line, batch, open(dollars)).allowances[0]!.reserved / 1e9;
    expect([left("a/first", 4), left("a/second", 4), left("a/newcomer", 4)]).toEqual([4, 1, 0]);
    expect([left("a/second", 2), left("a/newcomer", 2)]).toEqual([2, 1]);
  });

  test.each([
    [0.5, []],
    [1, ["a/second"]],
    [3, ["a/first"]],
    [4, ["a/first", "a/second"]],
  ])("of $%d serves %j", (dollars, expected) => {
    expect(served(line, open(dollars))).toEqual(expected);
  });

  test.each<[string, { needs: number | undefined; got: boolean }, string[]]>([
    ["keeps the place of one that got nothing", { needs: 5, got: false }, ["a/first", "a/second"]],
    ["sends one that got something and wants more to its end", { needs: 5, got: true }, ["a/second", "a/first"]],
    ["is left by one that wants nothing", { needs: undefined, got: false }, ["a/second"]],
  ])("%s", (_, result, expected) => {
    expect(afterPass(line, "a/first", result).map(({ batch }) => batch)).toEqual(expected);
  });

  it("takes a newcomer at its end", () => {
    expect(afterPass(line, "a/third", { needs: 1, got: true }).at(-1)).toEqual({ batch: "a/third", needsNanoUSD: 1 });
  });
});

describe("the setting", () => {
  it("gives a namespace every quota whose pattern it fits", () => {
    const quotas = Quotas.parse([
      { namespaces: ["team-a", "team-b"], period: "day", maxCostUSD: 5 },
      { namespaces: ["team-*"], period: "month", maxCostUSD: "50.50" },
    ]);
    const fit = (namespace: string) => quotasOf(namespace, quotas).map(({ period }) => period);
    expect([fit("team-a"), fit("team-c"), fit("other"), fit("team-a-x")]).toEqual([["day", "month"], ["month"], [], ["month"]]);
  });

  test.each<[object, string]>([
    [{ period: "week" }, "must be day or month"],
    [{ maxCostUSD: 2.5 }, 'must be dollars such as 50 or "2.50"'],
    [{ maxCostUSD: "-1" }, 'must be dollars such as 50 or "2.50"'],
    [{ namespaces: [] }, "must name at least one namespace"],
    [{ namespaces: ["Team A"] }, "must be a namespace's name"],
    [{ each: true }, "Unrecognized key"],
  ])("is refused with %j", (part, words) => {
    const { error } = Quota.safeParse({ namespaces: ["*"], period: "day", maxCostUSD: 1, ...part });
    expect(error?.issues.map(({ message }) => message).join()).toContain(words);
  });
});
