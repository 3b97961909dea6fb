import { expect, it } from "vitest";
import { inputsHash } from "./inputs.ts";
import { specOf, type SpecInput } from "./testing/build.ts";

const toolbox = { image: "node:24" };
const checks = [{ name: "test", command: ["npm", "test"] }];
const before = inputsHash(specOf({ toolbox, checks }), "prompt");

it.each<[string, SpecInput]>([
  ["another image", { toolbox: { image: "node:26" }, checks }],
  ["another setup", { toolbox: { ...toolbox, setup: ["npm", "ci"] }, checks }],
  ["more memory", { toolbox: { ...toolbox, resources: { limits: { memory: "8Gi" } } }, checks }],
  ["another command", { toolbox, checks: [{ name: "test", command: ["npm", "run", "test"] }] }],
  ["a check that must pass now", { toolbox, checks: [{ ...checks[0]!, required: true }] }],
  ["no check any more", { toolbox }],
  ["another model", { toolbox, checks, agent: { model: "claude-opus-5" } }],
])("a result of before is outdated by %s", (_, spec) => {
  expect(inputsHash(specOf(spec), "prompt")).not.toBe(before);
});

it("a result stays what it is when only pace and budget change", () => {
  const spec = { toolbox, checks, parallelism: 1, budget: { maxCostUSD: 50 }, suspend: true };
  expect(inputsHash(specOf(spec), "prompt")).toBe(before);
  expect(inputsHash(specOf(spec), "another")).not.toBe(before);
});
