import type { Token } from "../access/token.ts";
import type { Repository } from "../state/model.ts";
import type { Bare } from "./bare.ts";
import { zero } from "./bare.ts";
import type { Command, Push, Refused } from "./packet.ts";
import { withObjects } from "./quarantine.ts";
import type { Seeing } from "./quarantine.ts";
import { run } from "./command.ts";
import { touchedWorkflow } from "./workflow.ts";

/** What GitHub itself would refuse of a push, beyond what git refuses; and which of its refs would be forced. */
export interface Verdict {
  readonly refused: Refused | undefined;
  readonly forced: ReadonlySet<string>;
}

/** Looks at the pushed objects before the repository has them. */
export async function judge(bare: Bare, push: Push, token: Token, repository: Repository): Promise<Verdict> {
  return withObjects(bare, push.pack, async (env) => {
    const forced = new Set<string>();
    const reasons = new Map<string, string>();
    for (const command of push.commands) {
      if (await isForced(bare, command, env)) forced.add(command.ref);
      const reason = refByRule(command, repository) ?? (await workflowReason(bare, command, token, env));
      if (reason !== undefined) reasons.set(command.ref, reason);
    }
    return { forced, refused: reasons.size === 0 ? undefined : { reasons, said: said(reasons) } };
  });
}

async function isForced(bare: Bare, { old, new: next }: Command, env: Seeing): Promise<boolean> {
  if (old === zero || next === zero) return false;
  return (await run(bare.dir, ["merge-base", "--is-ancestor", old, next], { env })).code !== 0;
}

const protectedReason = "protected branch hook declined";

function refByRule({ ref, new: next }: Command, { protectedBranches, defaultBranch }: Repository): string | undefined {
  if (next === zero && ref === `refs/heads/${defaultBranch}`) return `refusing to delete the current branch: ${ref}`;
  return protectedBranches.some((branch) => ref === `refs/heads/${branch}`) ? protectedReason : undefined;
}

function said(reasons: ReadonlyMap<string, string>): string {
  const lines = [...reasons].filter(([, reason]) => reason === protectedReason);
  return lines.map(([ref]) => `error: GH006: Protected branch update failed for ${ref}.\n`).join("");
}

async function workflowReason(bare: Bare, { new: next }: Command, token: Token, env: Seeing): Promise<string | undefined> {
  if (next === zero || token.permissions.workflows === "write") return undefined;
  const path = await touchedWorkflow(bare, next, env);
  if (path === undefined) return undefined;
  const [who, what] =
    token.kind === "installation" ? ["GitHub App", "`workflows` permission"] : ["Personal Access Token", "`workflow` scope"];
  return `refusing to allow a ${who} to create or update workflow \`${path}\` without ${what}`;
}
