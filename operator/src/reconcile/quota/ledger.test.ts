import { describe, expect, it, test } from "vitest";
import { emptyLedger, raise, release, reserve, settle, type Ledger } from "./ledger.ts";
import { endOfPeriod, isIn, monthBefore } from "./period.ts";
import { ledgerData, ledgerName, readLedger } from "./stored.ts";

const at = "2026-11-21T10:00:00.000Z";
const usd = (dollars: number): number => dollars * 1e9;
const shown = ({ spent, open }: Ledger) => ({ spent: Object.fromEntries(spent), open: Object.fromEntries(open) });
const one = reserve(emptyLedger, "a-0-0", { nanoUSD: usd(2), at });

describe("a ledger", () => {
  test.each<[string, Ledger, { spent: object; open: object }]>([
    ["sets money aside", one, { spent: {}, open: { "a-0-0": { nanoUSD: usd(2), at } } }],
    ["hears the same again", reserve(one, "a-0-0", { nanoUSD: usd(2), at: "2026-11-21T23:59:59.999Z" }), shown(one)],
    [
      "counts a start that slipped past midnight for the later day",
      reserve(one, "a-0-0", { nanoUSD: usd(2), at: "2026-11-22T00:00:00.000Z" }),
      { spent: {}, open: { "a-0-0": { nanoUSD: usd(2), at: "2026-11-22T00:00:00.000Z" } } },
    ],
    ["keeps what a Job may cost when it asks for less", reserve(one, "a-0-0", { nanoUSD: usd(1), at }), shown(one)],
    [
      "gives it what it asks for on a later day",
      reserve(one, "a-0-0", { nanoUSD: usd(1), at: "2026-11-22T00:00:00.000Z" }),
      { spent: {}, open: { "a-0-0": { nanoUSD: usd(1), at: "2026-11-22T00:00:00.000Z" } } },
    ],
    ["raises it for a second pod", raise(one, "a-0-0", usd(4)), { spent: {}, open: { "a-0-0": { nanoUSD: usd(4), at } } }],
    ["raises nothing that it does not have", raise(one, "b-0-0", usd(4)), shown(one)],
    ["charges an end to the day of the start", settle(one, "a-0-0", usd(0.5)), { spent: { "2026-11-21": usd(0.5) }, open: {} }],
    [
      "adds it to what the day has",
      settle(reserve(settle(one, "a-0-0", usd(1)), "b-0-0", { nanoUSD: usd(2), at }), "b-0-0", usd(3)),
      {
        spent: { "2026-11-21": usd(4) },
        open: {},
      },
    ],
    ["charges nothing twice", settle(settle(one, "a-0-0", usd(0.5)), "a-0-0", usd(0.5)), { spent: { "2026-11-21": usd(0.5) }, open: {} }],
    ["gives back what was never used", release(one, "a-0-0"), { spent: {}, open: {} }],
  ])("%s", (_, ledger, expected) => {
    expect(shown(ledger)).toEqual(expected);
  });

  it("is stored with a key per day and per reservation, in dollars to the last place, and read as it was", () => {
    const ledger = settle(reserve(one, "b-1-2", { nanoUSD: 1_000_000_001, at }), "a-0-0", 3);
    expect(ledgerData(ledger)).toEqual({
      "spent.2026-11-21": "0.000000003",
      "open.b-1-2": `{"maxCostUSD":"1.000000001","at":"${at}"}`,
    });
    expect(readLedger(ledgerData(ledger))).toEqual(ledger);
    expect(readLedger(undefined)).toEqual(emptyLedger);
  });

  test.each<[string, unknown]>([
    ["an amount that is none", { "spent.2026-11-21": "-1.00" }],
    ["a day that is none", { "spent.yesterday": "1.00" }],
    ["a reservation without an amount", { "open.a-0-0": `{"at":"${at}"}` }],
    ["a reservation without a time", { "open.a-0-0": '{"maxCostUSD":"1.00"}' }],
    ["no JSON", { "open.a-0-0": "2.00" }],
    ["a key of somebody else", { note: "checked by finance" }],
    ["no texts", { "spent.2026-11-21": 1 }],
  ])("does not guess at %s", (_, data) => {
    expect(readLedger(data)).toBeUndefined();
  });

  it("has a name that Kubernetes takes, for the longest namespace too", () => {
    expect(ledgerName("a".repeat(63), "2026-11")).toMatch(/^[a-z0-9]([-a-z0-9]{0,251}[a-z0-9])?$/);
  });
});

describe("a period", () => {
  test.each([
    ["2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z", "2026-12-01T00:00:00.000Z"],
    ["2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
    ["2028-02-29T12:00:00.000Z", "2028-03-01T00:00:00.000Z", "2028-03-01T00:00:00.000Z"],
  ])("at %s ends in UTC", (now, day, month) => {
    expect([endOfPeriod("day", new Date(now)), endOfPeriod("month", new Date(now))]).toEqual([new Date(day), new Date(month)]);
  });

  it("holds its own days", () => {
    const now = new Date("2026-11-21T10:00:00Z");
    const days = ["2026-10-31", "2026-11-01", "2026-11-20", "2026-11-21", "2026-11-22", "2027-11-21"];
    expect(days.filter((day) => isIn("month", day, now))).toEqual(["2026-11-01", "2026-11-20", "2026-11-21", "2026-11-22"]);
    expect(days.filter((day) => isIn("day", day, now))).toEqual(["2026-11-21"]);
  });

  it("counts months back over the turn of the year", () => {
    expect([monthBefore("2026-01"), monthBefore("2026-03", 12), monthBefore("2026-11", 0)]).toEqual(["2025-12", "2025-03", "2026-11"]);
  });
});
