export { type Checks, type Verdict } from "./checks.ts";
export { lackingPrograms } from "./lacking.ts";
export { baselineWarnings, openChecks } from "./open.ts";
export { runCheckTool } from "./tool.ts";
export { nameWorse, tellWorse } from "./words.ts";
