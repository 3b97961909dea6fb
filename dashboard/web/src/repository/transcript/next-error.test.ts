import { expect, it } from "vitest";
import { nextError } from "./next-error.ts";

it("goes from error to error, and round again", () => {
  const errors = [{ n: 3 }, { n: 9 }];
  expect([undefined, 3, 9].map((at) => nextError(errors, at))).toEqual([3, 9, 3]);
  expect(nextError([], 3)).toBeUndefined();
});
