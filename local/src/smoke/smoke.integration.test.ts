import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Scenario } from "../claude/scenario.ts";
import { startClaude } from "../claude/server.ts";

const program = join(import.meta.dirname, "main.ts");
const log = { info: () => undefined, warn: () => undefined };

interface Ended {
  readonly code: number;
  readonly output: string;
}

async function run(environment: Readonly<Record<string, string>>): Promise<Ended> {
  const { ANTHROPIC_API_KEY: _, ...rest } = process.env;
  return await new Promise((resolve) => {
    execFile(process.execPath, [program], { env: { ...rest, ...environment } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

/** Stands where the real API would, so that all but Claude itself is tried. */
async function answered(paths: readonly string[]): Promise<Ended> {
  const edit = (path: string): object[] => [
    { tools: [{ name: "read_file", input: { path } }] },
    { tools: [{ name: "edit_file", input: { path, old_text: "20", new_text: "24" } }] },
  ];
  const report = { wereChangesNecessary: true, summary: "Moved to Node 24.", explanation: "As asked." };
  const turns = [...paths.flatMap(edit), { tools: [{ name: "report_result", input: report }] }];
  const claude = await startClaude({ scenarios: [Scenario.parse({ name: "smoke", turns })], log });
  try {
    return await run({ ANTHROPIC_API_KEY: "key", ANTHROPIC_BASE_URL: claude.url });
  } finally {
    await claude.close();
  }
}

test.each([{}, { ANTHROPIC_API_KEY: " " }])(
  "without a key (%o) it refuses at once and says what it costs and what to set",
  async (environment) => {
    const { code, output } = await run(environment);
    expect(code).toBe(2);
    expect(output).toMatch(/a few cents[\s\S]*\$0\.10[\s\S]*Set ANTHROPIC_API_KEY/);
  },
);

test("with a key it passes where the change was made", async () => {
  const { code, output } = await answered([".nvmrc", "package.json", "README.md"]);
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("The smoke test passed") as string });
});

test("it fails and names the line where the change is only half made", async () => {
  const { code, output } = await answered([".nvmrc"]);
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('no line "-  \\"engines') as string });
});
