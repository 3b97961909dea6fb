import { expect, test } from "vitest";
import { inProject } from "../bench/program.ts";
import { command } from "../process/command.ts";

test("the operator is measured at a real API server, on small numbers", async () => {
  const done = await command(process.execPath, [inProject("test/src/bench/main.ts"), "--quick", "cluster"]);
  expect(done).toMatchObject({ exitCode: 0 });
  expect(done.stdout).toContain("### Operator at a real API server");
  expect(done.stdout).not.toMatch(/NaN|Infinity|undefined/);
});
