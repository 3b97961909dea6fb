import { describe, expect, it } from "vitest";
import { createLog } from "./log.ts";

function logged(level: string, write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog(level, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("the log", () => {
  it("is one JSON object a line with the level as a word and the time as a date", () => {
    const [line] = logged("info", (log) => log.info({ job: "a" }, "started a Job"));
    expect(line).toMatchObject({ level: "info", job: "a", msg: "started a Job" });
    expect(line?.["time"]).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it.each([
    ["at the top", { token: "abc" }],
    ["one level down", { headers: { authorization: "Bearer abc" } }],
    ["two levels down", { request: { headers: { authorization: "Bearer abc" } } }],
    ["as a password", { user: { password: "abc" } }],
    ["as a key file", { secret: { "api-key": "abc" } }],
  ])("never shows a secret %s", (_, fields) => {
    const [line] = logged("info", (log) => log.info(fields, "a message"));
    expect(JSON.stringify(line)).not.toContain("abc");
    expect(JSON.stringify(line)).toContain("[redacted]");
  });

  it("shows an error with its cause", () => {
    const [line] = logged("info", (log) => log.warn({ err: new Error("outer", { cause: new Error("inner") }) }, "failed"));
    expect(JSON.stringify(line?.["err"])).toContain("outer: inner");
  });

  it("leaves out what is below its level", () => {
    expect(logged("warn", (log) => log.info("quiet"))).toEqual([]);
  });
});
