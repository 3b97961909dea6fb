import { expect, test } from "vitest";
import { fill, fillText, valuesOf } from "./placeholder.ts";
import type { Prompt } from "./request.ts";

function prompt(...outputs: string[]): Prompt {
  const blocks = outputs.map((content, index) => ({ type: "tool_result" as const, tool_use_id: `t${index}`, content }));
  return { model: "m", messages: [{ role: "user", content: blocks }] };
}

const opening = { repository: "acme/api", branch: "main", text: "", resumed: false, review: undefined };
const listing = "the root: 3 files, shown to depth 2\ndocs/ (2 files)\n.gitignore\nsrc/a b.js\nsrc/main.js";
const numbered = "src/main.js (2 lines)\n     1\t\n     2\t  const a = 1;\n     3\tconst b = 2;";

test("values come from earlier tool results", () => {
  expect(valuesOf(prompt(listing, numbered), opening)).toEqual({
    repository: "acme/api",
    branch: "main",
    firstFile: "src/main.js",
    "lastToolOutput.firstPath": "",
    "lastToolOutput.firstLine": "  const a = 1;",
  });
});

test("without tool results every value of them is empty", () => {
  expect(valuesOf({ model: "m", messages: [{ role: "user", content: "hi" }] }, opening)).toMatchObject({
    firstFile: "",
    "lastToolOutput.firstLine": "",
  });
});

test("placeholders are replaced in every text of an input, unknown ones stay", () => {
  const values = { repository: "acme/api" };
  expect(fill({ a: ["{{repository}}", 1, undefined], b: { c: "is {{ repository }}" } }, values)).toEqual({
    a: ["acme/api", 1, undefined],
    b: { c: "is acme/api" },
  });
  expect(fillText("{{nope}} {{repository.name}}", values)).toBe("{{nope}} {{repository.name}}");
});
