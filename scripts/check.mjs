// The one gate: every check runs, each failure is named at the end.
import { spawnSync } from "node:child_process";

/** @type {[name: string, command: string, args: string[]][]} */
const checks = [
  ["format", "oxfmt", ["--check"]],
  ["lint", "oxlint", ["--type-aware", "--deny-warnings"]],
  ["types", "tsc", ["--noEmit"]],
  ["types of the pages", "tsc", ["--noEmit", "--project", "dashboard/web"]],
  ["unused code and dependencies", "knip", []],
  ["duplicates", "jscpd", []],
  ["generated files", "vitest", ["run", "--project", "unit", "crds/src/generated", "test/src/chart/files.test.ts"]],
];

const failed = checks.filter(([name, command, args]) => {
  console.log(`\n== ${name}: ${command} ${args.join(" ")}`);
  return spawnSync(command, args, { stdio: "inherit", env: { ...process.env, CI: "true" } }).status !== 0;
});
console.log(failed.length === 0 ? `\nall ${checks.length} checks passed` : `\nfailed: ${failed.map(([name]) => name).join(", ")}`);
process.exit(failed.length === 0 ? 0 : 1);
