import { systemClock, type Clock } from "@codybatch/operator";
import { expect, it } from "vitest";
import { Expiring } from "./expiring.ts";
import { Sessions } from "./session.ts";
import { expiryOf } from "./token.ts";

/** A clock that stands still until it is set. */
function still(): { readonly clock: Clock; readonly set: (now: number) => void } {
  let at = 0;
  return { clock: { ...systemClock, now: () => at }, set: (now) => (at = now) };
}

it("asks once for as long as an answer holds, also while it is under way", async () => {
  const { clock, set } = still();
  const answers = new Expiring<number>(clock, 1000, 10);
  let asked = 0;
  const ask = () => Promise.resolve((asked += 1));
  expect(await Promise.all([answers.get("a", ask), answers.get("a", ask)])).toEqual([1, 1]);
  set(999);
  expect(await answers.get("a", ask)).toBe(1);
  set(1000);
  expect(await answers.get("a", ask)).toBe(2);
});

it("keeps no failure, and no more answers than it may", async () => {
  const { clock } = still();
  const answers = new Expiring<string>(clock, 1000, 3);
  await expect(answers.get("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
  expect(await answers.get("a", () => Promise.resolve("up"))).toBe("up");
  for (const key of ["b", "c", "d"]) await answers.get(key, () => Promise.resolve(key));
  expect(await answers.get("a", () => Promise.resolve("asked again"))).toBe("asked again");
});

it("a session ends by itself and when it is left, and its id cannot be guessed from another", () => {
  const { clock, set } = still();
  const sessions = new Sessions(clock, 1000);
  const [first, second] = [sessions.begin("one"), sessions.begin("two")];
  expect(new Set([first, second]).size).toBe(2);
  expect([sessions.tokenOf(first), sessions.tokenOf("x"), sessions.tokenOf("")]).toEqual(["one", undefined, undefined]);
  sessions.end(first);
  expect([sessions.tokenOf(first), sessions.tokenOf(second)]).toEqual([undefined, "two"]);
  set(1000);
  expect(sessions.tokenOf(second)).toBeUndefined();
});

const jwt = (claims: unknown) => ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "x"].join(".");

it.each([
  [jwt({ exp: 1_800_000_000 }), 1_800_000_000_000],
  [jwt({ exp: "soon" }), undefined],
  [jwt({ exp: -1 }), undefined],
  [jwt({}), undefined],
  ["opaque", undefined],
  ["a.b.c", undefined],
  ["", undefined],
])("reads when %s ends", (token, at) => {
  expect(expiryOf(token)).toBe(at);
});
