import type { Check } from "@codybatch/crds";
import { z } from "zod";
import { makePatch } from "../../git/index.ts";
import { defineTool, type Tool, ToolError } from "../tools/tool.ts";
import type { Workspace } from "../tools/workspace.ts";
import { adoptFiles } from "./adopt.ts";
import type { Checks } from "./checks.ts";
import { tellRun } from "./words.ts";

/** The one way to run something: a check by its name. What it runs is not the model's to choose. */
export function runCheckTool(workspace: Workspace, checks: Checks): Tool {
  return defineTool({
    name: "run_check",
    access: "write",
    description: `Runs one of these checks on your change so far and shows its output: ${checks.all.map(describeCheck).join("; ")}. Required checks run again when you report.`,
    schema: z.strictObject({ name: z.enum(checks.all.map(({ name }) => name)).describe("Name of the check.") }),
    run: async ({ name }) => {
      const check = checks.all.find((one) => one.name === name);
      if (check === undefined) throw new ToolError(`There is no check ${name}.`);
      const { tree } = await makePatch(workspace.worktree, workspace.tmpDir);
      const ran = await checks.run(check, tree, "kept");
      if (ran.kind === "unavailable")
        throw new ToolError(`The check could not run. ${ran.why} Go on without it and say so in your report.`);
      return tellRun(ran, await adoptFiles(workspace, check, ran.run.archive));
    },
  });
}

function describeCheck({ name, command, required, adopt = [] }: Check): string {
  const notes = [
    ...(required ? ["required"] : []),
    ...(adopt.length > 0 ? [`its changes to ${adopt.join(", ")} become part of yours`] : []),
  ];
  return `${name} (${[command.join(" "), ...notes].join(", ")})`;
}
