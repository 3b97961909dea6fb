import { expect, it } from "vitest";
import { limitedUntil } from "./limit.ts";

const now = Date.UTC(2026, 10, 21, 10);
const secondary = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

it.each([
  ["a secondary limit with its time", { status: 403, headers: { "retry-after": "7" }, message: secondary }, 7000],
  ["the same as 429", { status: 429, headers: { "retry-after": 7 }, message: secondary }, 7000],
  ["a date as time", { status: 429, headers: { "retry-after": new Date(now + 5000).toUTCString() }, message: "" }, 5000],
  ["a date that is over", { status: 429, headers: { "retry-after": new Date(now - 5000).toUTCString() }, message: "" }, 0],
  ["a secondary limit without a time", { status: 403, headers: { "x-ratelimit-remaining": "4999" }, message: secondary }, 60_000],
  ["a 429 without a word", { status: 429, headers: {}, message: "" }, 60_000],
  [
    "a used up primary limit",
    { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1000 + 90) }, message: "" },
    90_000,
  ],
  [
    "a primary limit that has just been reset",
    { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1000 - 1) }, message: "" },
    0,
  ],
  [
    "Retry-After before the reset",
    { status: 403, headers: { "retry-after": "3", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" }, message: "" },
    3000,
  ],
] as const)("%s is waited for", (_what, answer, waitMs) => {
  expect(limitedUntil(answer, now)).toBe(now + waitMs);
});

it.each([
  [
    "a missing permission",
    { status: 403, headers: { "x-ratelimit-remaining": "4999" }, message: "Resource not accessible by personal access token" },
  ],
  ["a refused text", { status: 422, headers: { "retry-after": "7" }, message: "Validation Failed" }],
  ["a broken host", { status: 502, headers: {}, message: "" }],
  ["an answer with nothing left", { status: 200, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" }, message: "" }],
] as const)("%s is no limit", (_what, answer) => {
  expect(limitedUntil(answer, now)).toBeUndefined();
});
