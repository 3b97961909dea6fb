import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ScenarioError, loadScenarios } from "./scenario.ts";

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "scenarios-"))));
afterEach(() => rmSync(dir, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

test("folders are read by name, files may hold several scenarios, and the order given stays", () => {
  const own = file("z.txt", "name: own\nturns: [{say: hi}]\n---\nname: more\nturns: [{say: hi}]\n");
  file("b.yaml", "name: b\nturns: [{say: hi}]");
  file("a.yml", "name: a\nturns: [{say: hi}]");
  expect(loadScenarios([own, dir]).map(({ name }) => name)).toEqual(["own", "more", "a", "b"]);
});

test.each([
  ["turns: [{say: hi}]", "name: Invalid input"],
  ["name: Bad Name\nturns: [{say: hi}]", "name: must be lower case"],
  ["name: a\nturns: []", "turns: Too small"],
  ["name: a\nturns: [{sag: hi}]", 'turns.0: Unrecognized key: "sag"'],
  ["name: a\nturns: [{stop: never}]", "turns.0.stop"],
  ["name: a\nturns: [{faults: [{status: 200}]}]", "turns.0.faults.0"],
  ["name: a\nturns: [{say: hi}]\nreviews: []", "reviews: Too small"],
  ["name: a\nturns: [{say: hi}]\nreviews: [[{say: a}], [{say: b}], [{say: c}]]", "reviews: Too big"],
  ["name: [", "Flow sequence"],
])("%j is refused with the file and what is wrong", (text, message) => {
  const path = file("wrong.yaml", text);
  expect(() => loadScenarios([path])).toThrow(ScenarioError);
  expect(() => loadScenarios([path])).toThrow(message);
  expect(() => loadScenarios([path])).toThrow("wrong.yaml");
});

test("a path without scenarios is refused", () => {
  expect(() => loadScenarios([dir])).toThrow("no scenario in");
  expect(() => loadScenarios([join(dir, "none.yaml")])).toThrow("cannot read the scenario");
});
