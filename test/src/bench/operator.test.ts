import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { heapLimits } from "./operator.ts";
import { inProject } from "./program.ts";

test("the operator is measured with the young generation that its image has", () => {
  const entry = /^ENTRYPOINT (.*)$/m.exec(readFileSync(inProject("Dockerfile.operator"), "utf8"))?.[1] ?? "[]";
  const [program, ...flags] = JSON.parse(entry) as readonly string[];
  expect([program, flags.pop()]).toEqual(["node", "/app/operator.mjs"]);
  expect(flags).toEqual(heapLimits.filter((flag) => flag.includes("semi-space")));
});
