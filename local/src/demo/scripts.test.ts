import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { loadScenarios } from "../claude/index.ts";
import type { Scenario } from "../claude/index.ts";
import { expected } from "./batches.ts";
import { bundledScenarios } from "./demo.ts";

const samples = join(bundledScenarios, "..", "samples");
const Edit = z.object({ path: z.string(), old_text: z.string(), new_text: z.string(), replace_all: z.boolean().default(false) });
const Read = z.object({ path: z.string() });
const Report = z.object({ wereChangesNecessary: z.boolean() });

/** Plays a script's reads and edits on the sample; gives the files that changed and what was reported. */
function play(scenario: Scenario): { readonly changed: ReadonlySet<string>; readonly reported: boolean | undefined } {
  const repository = join(samples, scenario.when.repository ?? "");
  const read = new Map<string, string>();
  const changed = new Set<string>();
  let reported: boolean | undefined;
  for (const { name, input } of scenario.turns.flatMap(({ tools }) => tools)) {
    if (name === "read_file")
      read.set(Read.parse(input).path, read.get(Read.parse(input).path) ?? readFileSync(join(repository, Read.parse(input).path), "utf8"));
    if (name === "report_result") reported = Report.parse(input).wereChangesNecessary;
    if (name !== "edit_file") continue;
    const { path, old_text, new_text, replace_all } = Edit.parse(input);
    const text = read.get(path);
    expect(text, `${path} is edited without being read`).toBeDefined();
    const found = (text ?? "").split(old_text).length - 1;
    expect(replace_all ? found > 0 : found === 1, `${found} times in ${path}: ${old_text}`).toBe(true);
    read.set(
      path,
      (text ?? "").replaceAll(old_text, () => new_text),
    );
    changed.add(path);
  }
  return { changed, reported };
}

const scenarios = loadScenarios([bundledScenarios]);

test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  "%s edits what it has read and reports what it did",
  (_, scenario) => {
    const { changed, reported } = play(scenario);
    expect(reported ?? false).toBe(changed.size > 0);
    const last = scenario.turns.at(-1)?.tools.at(-1)?.name;
    expect(last).toBe(scenario.description?.startsWith("Staged") === true ? undefined : "report_result");
  },
);

test("every repository of the demo has a script that brings about its expected phase", () => {
  for (const [batch, repositories] of Object.entries(expected)) {
    for (const [repository, phase] of Object.entries(repositories)) {
      const scenario = scenarios.find(({ name, when }) => when.repository === repository && name.endsWith(batch));
      expect(scenario, `${batch} ${repository}`).toBeDefined();
      const { reported } = play(scenario!);
      expect(phase).toBe(reported === undefined ? "Failed" : !reported ? "NoChange" : batch === "node-24" ? "Ready" : "AwaitingApproval");
    }
  }
});

test("the generic scripts fit any repository", () => {
  for (const { when } of loadScenarios([join(bundledScenarios, "generic")])) expect(when).toEqual({});
});
