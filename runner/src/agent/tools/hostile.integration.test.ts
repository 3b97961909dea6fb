import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { canary, makeCanaryTree, type CanaryTree } from "../testing/canary.ts";
import { gitNames, hostilePaths, seeded } from "../testing/hostile-paths.ts";
import { fileTools } from "./catalogue.ts";
import type { Tool } from "./tool.ts";

let scene: CanaryTree;
let tools: readonly Tool[];
let path: () => string;

const random = seeded(20_261_121);
const pick = <Value>(values: readonly Value[]): Value => values[random(values.length)]!;

beforeAll(async () => {
  scene = await makeCanaryTree();
  tools = fileTools(scene.workspace);
  path = hostilePaths(random, scene.root);
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const others: readonly unknown[] = [undefined, null, 7, {}, [], true, ["file.txt"], { toString: "file.txt" }];
const inputs: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
  read_file: () => ({ path: path(), ...(random(5) === 0 ? { offset: random(1e6), limit: random(1e6) } : {}) }),
  edit_file: () => ({ path: path(), old_text: pick([canary, "text", "x"]), new_text: pick(["", "y", "z".repeat(random(50_000))]) }),
  write_file: () => ({ path: path(), content: pick(["", "made\n", "x".repeat(random(50_000)), "\0"]) }),
  move_file: () => (random(2) === 0 ? { from: path(), to: path() } : { from: pick(["file.txt", path()]), to: path() }),
  delete_file: () => ({ path: path() }),
  list_files: () => ({ path: path() }),
  search_code: () => ({
    pattern: pick([canary, ".", "--follow", "-uuu"]),
    path: path(),
    ...(random(4) === 0 ? { glob: pick(gitNames) } : {}),
  }),
};

/** Now and then an input of another shape than the schema's. */
function inputOf(name: string): unknown {
  const input = inputs[name]!();
  if (random(50) !== 0) return input;
  const [key] = Object.keys(input);
  return random(2) === 0 ? pick(others) : { ...input, [key!]: pick(others) };
}

const cases: readonly (readonly [string, number])[] = [
  ["read_file", 10_000],
  ["edit_file", 6000],
  ["write_file", 1000],
  ["move_file", 1000],
  ["delete_file", 1000],
  ["list_files", 1000],
  ["search_code", 1000],
];

it.each(cases)("%s shows and changes nothing outside of the work tree, whatever it is asked for: %i random calls", async (name, count) => {
  const tool = tools.find((candidate) => candidate.name === name)!;
  const before = scene.outside();
  for (let call = 0; call < count; call += 1) {
    const input = inputOf(name);
    const { text, fault } = await tool.call(input);
    const told = JSON.stringify(input) ?? "";
    const leaks = text.includes(canary) || (text.includes(scene.root) && !told.includes(scene.root));
    expect(leaks || fault !== undefined ? { told: told.slice(0, 500), text: text.slice(0, 500), fault } : "harmless").toBe("harmless");
  }
  expect(scene.outside()).toEqual(before);
  expect(existsSync(join(scene.root, "canary/made-through-a-link"))).toBe(false);
});

it("all of that is at least 20,000 calls", () => {
  expect(cases.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThanOrEqual(20_000);
});
