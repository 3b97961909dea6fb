import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const script = join(import.meta.dirname, "../../cluster/cluster.sh");

/** Runs the recipe with these variables beside our own and gives what it prints; what it says meanwhile is shown, because a first build takes minutes. */
export async function recipe(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<string> {
  const running = run(script, [...args], { env: { ...process.env, ...variables }, maxBuffer: 1 << 26 });
  running.child.stderr?.pipe(process.stderr, { end: false });
  return (await running).stdout.trim();
}
