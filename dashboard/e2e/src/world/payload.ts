import { at } from "../../../server/src/testing/stage.ts";

/** Colours of a terminal, a character that reorders text, HTML and a script's address. */
export const hostile = "\u001B[31mred\u001B[0m \u202Egnp.exe <img src=x onerror=alert(1)> [click](javascript:alert(1))";

/** One file of a patch, whose first line stays. */
export const changed = (path: string, before: readonly string[], after: readonly string[]): string =>
  [
    `diff --git a/${path} b/${path}`,
    "index 1111111..2222222 100644",
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -1,${before.length + 1} +1,${after.length + 1} @@`,
    ` // ${path}`,
    ...before.map((line) => `-${line}`),
    ...after.map((line) => `+${line}`),
    "",
  ].join("\n");

const many = Array.from({ length: 1600 }, (_, index) => `export const value${index} = ${index};`);

/** A patch with an edit, white space alone, a file too long to unfold, a generated one and hostile lines. */
export const patch = [
  changed("src/server.ts", ["const port: number = 80;", "listen(port);"], ["const port: number = 8080;", 'listen(port, "127.0.0.1");']),
  changed("src/indent.ts", ["if (ready) {", "start();", "}"], ["if (ready) {", "  start();", "}"]),
  changed("src/long.ts", [], many),
  changed("package-lock.json", ['  "version": "1.0.0"'], ['  "version": "1.0.1"']),
  changed("docs/hostile.md", ["plain"], [hostile, "x".repeat(100_000)]),
].join("");

const usage = { input: 812, output: 420, cacheRead: 18_200, cacheWrite: 2100, turns: 1, costNanoUSD: 31_200_000 };
const answer = (turn: number, ...content: readonly object[]) => ({
  kind: "assistant",
  at: at(turn),
  turn,
  messageID: `msg_${turn}`,
  stopReason: "tool_use",
  content,
  usage,
  durationMs: 2400,
});
const text = (words: string) => ({ type: "text", text: words });
const call = (name: string, path: string) => ({ type: "tool_use", id: `call_${name}`, name, input: { path } });
const tool = (turn: number, name: string, isError: boolean, output: string) => ({
  kind: "tool",
  at: at(turn),
  turn,
  toolUseID: `call_${name}`,
  name,
  isError,
  output,
  durationMs: 12,
});
const check = (turn: number, exitCode: number) => ({
  kind: "check",
  at: at(turn),
  turn,
  name: "test",
  on: "change",
  exitCode,
  durationMs: 8000,
  output: "ok 1\nnot ok 2",
});

/** A run that reads, edits, fails a check and mends it. */
export const transcript = [
  {
    kind: "started",
    version: 1,
    at: at(0),
    turn: 0,
    changeset: "x",
    attempt: 0,
    try: 1,
    model: "claude-sonnet-5-5",
    baseCommit: "b".repeat(40),
  },
  { kind: "system", at: at(0), turn: 0, text: "You change one repository.", tools: ["read_file", "edit_file", "run_check"] },
  { kind: "user", at: at(0), turn: 0, content: [text("Listen on 8080.")] },
  answer(1, text("I look at the server first."), call("read_file", "src/server.ts"), call("search_code", "listen")),
  tool(1, "read_file", false, "const port: number = 80;"),
  answer(2, text(`Now the edit. ${hostile}`), call("edit_file", "src/server.ts")),
  tool(2, "edit_file", true, "No such text in the file."),
  answer(3, call("edit_file", "src/server.ts")),
  tool(3, "edit_file", false, "Edited."),
  { kind: "patch", at: at(3), turn: 3, digest: "sha256:a", bytes: 400, filesChanged: 1 },
  answer(4, call("run_check", "test")),
  check(4, 1),
  answer(5, call("edit_file", "src/indent.ts"), call("run_check", "test")),
  check(5, 0),
  answer(6, call("report_result", "")),
  { kind: "ended", at: at(6), turn: 6, reason: "Reported", message: "Claude reported the change." },
];
