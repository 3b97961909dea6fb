import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool, type Tool } from "../tools/tool.ts";
import { batches, runCalls } from "./schedule.ts";

function trace(log: string[]): readonly Tool[] {
  const make = (name: string, access: Tool["access"]): Tool =>
    defineTool({
      name,
      description: "",
      access,
      schema: z.strictObject({ id: z.string() }),
      run: async ({ id }) => {
        log.push(`+${id}`);
        await new Promise((resolve) => setImmediate(resolve));
        log.push(`-${id}`);
        return `done ${id}`;
      },
    });
  return [make("read", "read"), make("write", "write"), make("report", "report")];
}

const uses = (names: readonly string[]) =>
  names.map((name, index) => ({ type: "tool_use" as const, id: `t${index}`, name, input: { id: `${index}` } }));
const whole = { cutOff: false, maxOutputTokens: 100 };

describe("the calls of one answer", () => {
  it.each([
    [["read", "read", "read"], [[0, 1, 2]]],
    [
      ["read", "write", "read", "read"],
      [[0], [1], [2, 3]],
    ],
    [
      ["write", "write"],
      [[0], [1]],
    ],
    [
      ["report", "write", "read"],
      [[1], [2], [0]],
    ],
    [["unknown", "read"], [[0, 1]]],
    [[], []],
  ])("%j run in groups %j", (names, groups) => {
    expect(batches(uses(names), trace([]))).toEqual(groups);
  });

  it("run reads side by side and writes alone, and are answered once each, in the order asked", async () => {
    const log: string[] = [];
    const done = await runCalls(uses(["read", "read", "write", "report", "write"]), trace(log), whole, () => 0);
    expect(log).toEqual(["+0", "+1", "-0", "-1", "+2", "-2", "+4", "-4", "+3", "-3"]);
    expect(done.map(({ use, text, wrote }) => [use.id, text, wrote])).toEqual([
      ["t0", "done 0", false],
      ["t1", "done 1", false],
      ["t2", "done 2", true],
      ["t3", "done 3", false],
      ["t4", "done 4", true],
    ]);
  });

  it("are not run where the answer was cut off: the last is answered with an error, those before it run", async () => {
    const log: string[] = [];
    const done = await runCalls(uses(["read", "write"]), trace(log), { cutOff: true, maxOutputTokens: 100 }, () => 0);
    expect(log).toEqual(["+0", "-0"]);
    expect(done[1]).toMatchObject({ isError: true, wrote: false, text: expect.stringContaining("cut off at 100 tokens") });
  });

  it("have one report among them: a second could not have read what the first is answered with", async () => {
    const log: string[] = [];
    const done = await runCalls(uses(["report", "read", "report"]), trace(log), whole, () => 0);
    expect(log).toEqual(["+1", "-1", "+0", "-0"]);
    expect(done.map(({ isError }) => isError)).toEqual([false, false, true]);
    expect(done[2]?.text).toContain("Only the first report");
  });

  it("run when the answer was cut off after them, in its text", async () => {
    const log: string[] = [];
    await runCalls([...uses(["write"]), { type: "text", text: "and th" }], trace(log), { cutOff: true, maxOutputTokens: 100 }, () => 0);
    expect(log).toEqual(["+0", "-0"]);
  });

  it.each([
    ["an unknown tool", { type: "tool_use" as const, id: "x", name: "bash", input: {} }, /no tool "bash"/],
    ["a wrong input", { type: "tool_use" as const, id: "x", name: "read", input: { id: 7 } }, /not valid/],
    ["an input that is not an object", { type: "tool_use" as const, id: "x", name: "read", input: "rm -rf" as never }, /not valid/],
    ["a further field", { type: "tool_use" as const, id: "x", name: "read", input: { id: "1", evil: true } }, /not valid/],
  ])("answer %s with an error", async (_, use, words) => {
    const [done] = await runCalls([use], trace([]), whole, () => 0);
    expect(done).toMatchObject({ isError: true, text: expect.stringMatching(words) });
  });
});
