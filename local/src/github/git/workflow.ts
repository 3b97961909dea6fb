import type { Bare } from "./bare.ts";
import { run } from "./command.ts";
import type { Seeing } from "./quarantine.ts";

/**
 * The first workflow file that a push would create, update or delete, or undefined. A file is free when the same content
 * lies at the same path on another branch, as GitHub's documentation of the `workflow` scope says.
 */
export async function touchedWorkflow(bare: Bare, tip: string, env: Seeing): Promise<string | undefined> {
  const known = await branches(bare);
  for (const commit of await lines(bare, ["rev-list", tip, "--not", "--all"], env)) {
    const changed = ["diff-tree", "-r", "--root", "-c", "--no-commit-id", "--name-only", commit, "--", ".github/workflows"];
    for (const path of await lines(bare, changed, env)) {
      if (!(await isKnown(bare, { commit, path, env, known }))) return path;
    }
  }
  return undefined;
}

interface Sought {
  readonly commit: string;
  readonly path: string;
  readonly env: Seeing;
  readonly known: readonly string[];
}

async function isKnown(bare: Bare, { commit, path, env, known }: Sought): Promise<boolean> {
  const [wanted] = await lines(bare, ["rev-parse", "--verify", "--quiet", `${commit}:${path}`], env);
  if (wanted === undefined) return false;
  for (const branch of known) {
    const [there] = await lines(bare, ["rev-parse", "--verify", "--quiet", `${branch}:${path}`], env);
    if (there === wanted) return true;
  }
  return false;
}

async function branches(bare: Bare): Promise<readonly string[]> {
  return (await bare.refs("refs/heads/")).map(({ name }) => name);
}

async function lines(bare: Bare, args: readonly string[], env: Seeing): Promise<readonly string[]> {
  const { stdout } = await run(bare.dir, ["-c", "core.quotePath=false", ...args], { env });
  return stdout
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}
