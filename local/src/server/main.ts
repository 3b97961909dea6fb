import { rename, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { z } from "zod";
import { kubeconfigFor } from "./kubeconfig.ts";
import { startServer } from "./server.ts";

const usage = "usage: node local/src/server/main.ts --dir FOLDER [--port NUMBER]";
const Arguments = z.strictObject({ dir: z.string().min(1), port: z.coerce.number().int().min(0).max(65_535).default(0) });
type Arguments = z.infer<typeof Arguments>;

/** The command line, or undefined when it cannot be read. */
function argumentsOf(words: readonly string[]): Arguments | undefined {
  try {
    const { values } = parseArgs({ args: [...words], options: { dir: { type: "string" }, port: { type: "string" } } });
    return Arguments.parse(values);
  } catch {
    return undefined;
  }
}

/** Never half a file, for others wait for it to appear. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.next`, text, { mode: 0o600 });
  await rename(`${path}.next`, path);
}

async function run({ dir, port }: Arguments): Promise<void> {
  const log = pino({ name: "server" });
  const folder = resolve(dir);
  const server = await startServer({ dir: folder, port, log, onFailure: () => process.exit(1) });
  await writeWhole(`${folder}/kubeconfig`, kubeconfigFor(server.url));
  await writeWhole(`${folder}/server.json`, JSON.stringify({ url: server.url, pid: process.pid }));
  const stop = (): void => void server.close();
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

const parsed = argumentsOf(process.argv.slice(2));
if (parsed === undefined) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  await run(parsed).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
