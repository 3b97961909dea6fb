import { expect, it } from "vitest";
import { choicesFor } from "./choices.ts";

it("offers pages before anything is written, and no batch", () => {
  const names = choicesFor("", [{ namespace: "a", name: "b" }]).map(({ name }) => name);
  expect(names).toContain("Usage");
  expect(names).not.toContain("a/b");
});

it("finds by every word, and encodes what it leads to", () => {
  expect(choicesFor("wait approval", []).map(({ href }) => href)).toEqual(["/?phase=AwaitingApproval"]);
  expect(choicesFor("zz", [{ namespace: "a", name: "../x" }])).toEqual([{ name: "a/../x", href: "/batches/a/..%2Fx", kind: "batch" }]);
});
