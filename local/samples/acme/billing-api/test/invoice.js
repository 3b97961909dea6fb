import assert from "node:assert/strict";
import { test } from "node:test";
import { totalOf } from "../src/invoice.js";

test("an invoice adds up its lines", () => {
  const lines = [
    { quantity: 2, unitCents: 1050 },
    { quantity: 1, unitCents: 99 },
  ];
  assert.equal(totalOf(lines, 1), 2199);
});
