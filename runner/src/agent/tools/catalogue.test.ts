import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fileTools } from "./catalogue.ts";
import type { Tool } from "./tool.ts";
import type { Workspace } from "./workspace.ts";

const workspace = {} as Workspace;
const root = join(import.meta.dirname, "../../../..");

it("every tool of this folder is in the catalogue, once", async () => {
  const sources = readdirSync(import.meta.dirname).filter((name) => /^[a-z-]+\.ts$/.test(name));
  const modules = await Promise.all(
    sources.map(async (name) => (await import(/* @vite-ignore */ join(import.meta.dirname, name))) as Record<string, unknown>),
  );
  const makers = modules.flatMap(Object.entries).filter(([name]) => name.endsWith("Tool") && name !== "defineTool");
  const made = makers.map(([, make]) => (make as (within: Workspace) => Tool)(workspace).name);
  expect(
    fileTools(workspace)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(made.toSorted());
});

it("the tool that CONTRIBUTING.md shows is a real one, to the letter", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, "CONTRIBUTING.md"), "utf8")) ?? [];
  expect(shown).toBe(readFileSync(join(import.meta.dirname, "delete-file.ts"), "utf8"));
});
