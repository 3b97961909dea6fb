import type { Token } from "../access/token.ts";
import { gitOf } from "../site.ts";
import type { Site } from "../site.ts";
import type { Repository } from "../state/model.ts";
import { nameOf } from "../state/store.ts";
import type { Bare } from "./bare.ts";
import { zero } from "./bare.ts";
import type { Command, Push, Refused } from "./packet.ts";
import { withObjects } from "./quarantine.ts";
import type { Seeing } from "./quarantine.ts";
import { run } from "./command.ts";
import { ruleWords, violations } from "./ruleset.ts";
import { touchedWorkflow } from "./workflow.ts";

/** What GitHub itself would refuse of a push, beyond what git refuses; and which of its refs would be forced. */
export interface Verdict {
  readonly refused: Refused | undefined;
  readonly forced: ReadonlySet<string>;
}

/** A push, who sends it, where to, and the address that it came to. */
export interface Incoming {
  readonly push: Push;
  readonly token: Token;
  readonly repository: Repository;
  readonly origin: string;
}

/** Looks at the pushed objects before the repository has them. */
export async function judge(site: Site, { push, ...incoming }: Incoming): Promise<Verdict> {
  const bare = gitOf(site, incoming.repository);
  return withObjects(bare, push.pack, async (env) => {
    const judged: Judged[] = [];
    for (const command of push.commands) judged.push(await judgedOne(site, { ...incoming, bare, env, command }));
    const reasons = new Map(judged.flatMap(({ ref, reason }) => (reason === undefined ? [] : [[ref, reason] as const])));
    const forced = new Set(judged.flatMap(({ ref, isForce }) => (isForce ? [ref] : [])));
    return { forced, refused: reasons.size === 0 ? undefined : { reasons, said: judged.map(({ said }) => said).join("") } };
  });
}

interface Judged {
  readonly ref: string;
  readonly isForce: boolean;
  readonly reason: string | undefined;
  readonly said: string;
}

type One = Omit<Incoming, "push"> & { readonly bare: Bare; readonly env: Seeing; readonly command: Command };

async function judgedOne({ store }: Site, { bare, env, command, token, repository, origin }: One): Promise<Judged> {
  const { ref } = command;
  const isForce = await isForced(bare, command, env);
  const broken = await violations({ bare, env, store, repository, command, actor: token.actor, isForced: isForce });
  if (broken.length > 0) {
    return {
      ref,
      isForce,
      reason: "push declined due to repository rule violations",
      said: ruleWords(ref, broken, `${origin}/${nameOf(repository)}`),
    };
  }
  const reason = refByRule(command, repository) ?? (await workflowReason(bare, command, token, env));
  const said = reason === protectedReason ? `error: GH006: Protected branch update failed for ${ref}.\n` : "";
  return { ref, isForce, reason, said };
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

async function workflowReason(bare: Bare, { new: next }: Command, token: Token, env: Seeing): Promise<string | undefined> {
  if (next === zero || token.permissions.workflows === "write") return undefined;
  const path = await touchedWorkflow(bare, next, env);
  if (path === undefined) return undefined;
  const [who, what] =
    token.kind === "installation" ? ["GitHub App", "`workflows` permission"] : ["Personal Access Token", "`workflow` scope"];
  return `refusing to allow a ${who} to create or update workflow \`${path}\` without ${what}`;
}
