import { join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../command-line/usage.ts";
import { readOptions } from "./options.ts";

const scenarios = join(import.meta.dirname, "..", "..", "scenarios");
const around = (environment: Record<string, string> = {}): Parameters<typeof readOptions>[1] => ({
  environment,
  cwd: "/project",
  scenarios,
});
const withKey = around({ ANTHROPIC_API_KEY: "key" });

test("without options the demo's own batches run with the stand-in and stay up", () => {
  expect(readOptions([], around())).toEqual({
    dir: "/project/.cody-batch",
    exit: false,
    file: undefined,
    script: undefined,
    standIn: true,
    runChecks: false,
    approve: false,
  });
});

test("with a key Claude answers, but a script always wins", () => {
  expect(readOptions(["--exit"], withKey)).toMatchObject({ exit: true, standIn: false });
  expect(readOptions(["--file", "a.yaml"], withKey)).toMatchObject({ file: "/project/a.yaml", standIn: false });
  expect(readOptions(["--file", "a.yaml", "--script", "no-change"], withKey)).toMatchObject({
    standIn: true,
    script: join(scenarios, "generic", "no-change.yaml"),
  });
});

test("foreign checks run only when asked for", () => {
  expect(readOptions(["--run-checks"], around())).toMatchObject({ runChecks: true });
});

test("an empty key is no key", () => {
  expect(readOptions([], around({ ANTHROPIC_API_KEY: "" }))).toMatchObject({ standIn: true });
});

test("relative paths start where the user typed the command", () => {
  const there = around({ INIT_CWD: "/somewhere", ANTHROPIC_API_KEY: "key" });
  expect(readOptions(["--file", "a.yaml", "--dir", "state"], there)).toMatchObject({ file: "/somewhere/a.yaml", dir: "/somewhere/state" });
});

test("help asks for nothing else", () => {
  expect(readOptions(["--help", "--file", "a"], around())).toBeUndefined();
});

test.each([
  [["--nope"], "Unknown option '--nope'"],
  [["word"], "Unexpected argument 'word'"],
  [["--file"], "argument missing"],
  [["--file", "a.yaml"], "set ANTHROPIC_API_KEY for Claude, or give --script"],
  [["--file", "a.yaml"], "add-maintenance-notes, no-change"],
  [["--file", "a.yaml", "--script", "nope"], "--script nope is neither a file nor a bundled scenario"],
  [["--script", "no-change"], "--script goes with --file"],
  [["--approve", "--file", "a.yaml", "--script", "no-change"], "--approve goes without --file"],
])("%o is refused with what to do", (args, message) => {
  expect(() => readOptions(args, around())).toThrow(UsageError);
  expect(() => readOptions(args, around())).toThrow(message);
});
