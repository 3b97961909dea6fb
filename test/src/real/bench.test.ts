import { expect, test } from "vitest";
import { inProject } from "../bench/program.ts";
import { command } from "../process/command.ts";

test("every measurement that npm run bench makes without a name runs, on small numbers", async () => {
  const done = await command(process.execPath, [inProject("test/src/bench/main.ts"), "--quick"]);
  expect(done).toMatchObject({ exitCode: 0 });
  for (const title of ["Idle operator", "Operator with 20", "Runner start", "2 repositories", "Throughput"])
    expect(done.stdout).toContain(`### ${title}`);
  expect(done.stdout).not.toMatch(/NaN|Infinity|undefined/);
});

test("the agent's own measurement runs on small numbers, too", async () => {
  const done = await command(process.execPath, [inProject("test/src/bench/main.ts"), "--quick", "agent"]);
  expect(done).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("### Agent") as string });
  expect(done.stdout).not.toMatch(/NaN|Infinity|undefined/);
});

test("a measurement that does not exist is refused with those that do", async () => {
  const done = await command(process.execPath, [inProject("test/src/bench/main.ts"), "speed"]);
  expect(done).toMatchObject({
    exitCode: 2,
    stdout: "",
    stderr: expect.stringContaining(
      "latency | memory | runner | repositories | throughput | agent | dashboard | publishing | cluster",
    ) as string,
  });
});
