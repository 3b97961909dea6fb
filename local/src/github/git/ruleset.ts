import { verificationOf } from "../state/verification.ts";
import type { Repository, Ruleset } from "../state/model.ts";
import type { Store } from "../state/store.ts";
import type { Bare } from "./bare.ts";
import { zero } from "./bare.ts";
import { run } from "./command.ts";
import { readCommit } from "./commit.ts";
import type { Command } from "./packet.ts";
import type { Seeing } from "./quarantine.ts";

/** One ref of a push that rulesets look at. */
export interface Ruled {
  readonly bare: Bare;
  readonly env: Seeing;
  readonly store: Store;
  readonly repository: Repository;
  readonly command: Command;
  /** Login of who pushes. */
  readonly actor: string;
  readonly isForced: boolean;
}

/** What the repository's rulesets have against it, in GitHub's words; empty when they let it pass. */
export async function violations(ruled: Ruled): Promise<readonly string[]> {
  const { repository, command, actor } = ruled;
  const sets = repository.rulesets.filter(({ include, bypass }) => !bypass.includes(actor) && covers(include, command.ref, repository));
  const found: string[] = [];
  for (const rule of new Set(sets.flatMap(({ rules }) => rules))) found.push(...(await violation(rule, ruled)));
  return found;
}

type Rule = Ruleset["rules"][number];

async function violation(rule: Rule, { isForced, command, ...ruled }: Ruled): Promise<readonly string[]> {
  const { old, new: next } = command;
  const said: Readonly<Record<Exclude<Rule, "required_signatures" | "required_linear_history">, readonly [boolean, string]>> = {
    creation: [old === zero, "Cannot create ref due to creations being restricted."],
    update: [old !== zero && next !== zero, "Cannot update this protected ref."],
    deletion: [next === zero, "Cannot delete this branch"],
    non_fast_forward: [isForced, "Cannot force-push to this branch"],
    pull_request: [next !== zero, "Changes must be made through a pull request."],
  };
  if (rule === "required_signatures") return counted("Commits must have verified signatures.", await unsigned(ruled, next));
  if (rule === "required_linear_history") return counted("This branch must not contain merge commits.", await merges(ruled, next));
  const [isBroken, words] = said[rule];
  return isBroken ? [words] : [];
}

function counted(words: string, commits: readonly string[]): readonly string[] {
  const noun = commits.length === 1 ? "violation" : "violations";
  return commits.length === 0 ? [] : [`${words}\n  Found ${commits.length} ${noun}:\n\n${commits.map((sha) => `  ${sha}`).join("\n")}`];
}

type Look = Pick<Ruled, "bare" | "env" | "store">;

async function unsigned(look: Look, tip: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const sha of await arriving(look, tip)) {
    if (!verificationOf(await readCommit(look.bare, sha, look.env), look.store).verified) found.push(sha);
  }
  return found;
}

async function merges(look: Look, tip: string): Promise<readonly string[]> {
  return arriving(look, tip, "--merges");
}

/** Commits that no branch has yet. */
async function arriving({ bare, env }: Look, tip: string, ...flags: readonly string[]): Promise<readonly string[]> {
  if (tip === zero) return [];
  const { stdout } = await run(bare.dir, ["rev-list", ...flags, tip, "--not", "--all"], { env });
  return stdout.toString("utf8").split("\n").filter(Boolean);
}

function covers(include: readonly string[], ref: string, { defaultBranch }: Repository): boolean {
  return include.some((pattern) => {
    if (pattern === "~DEFAULT_BRANCH") return ref === `refs/heads/${defaultBranch}`;
    return ref.startsWith("refs/heads/") && (pattern === "~ALL" || patternOf(pattern).test(ref));
  });
}

/** As GitHub's own: a star stops at a slash, two with a slash behind them do not. */
function patternOf(pattern: string): RegExp {
  const parts: Readonly<Record<string, string>> = { "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]" };
  const source = pattern.replaceAll(/\*\*\/|[*?]|[\\^$.|+()[\]{}]/g, (part) => parts[part] ?? `\\${part}`);
  return new RegExp(`^${source}$`);
}

/** What git shows behind `remote:`, as GitHub writes it. */
export function ruleWords(ref: string, found: readonly string[], page: string): string {
  const head = `error: GH013: Repository rule violations found for ${ref}.\nReview all repository rules at ${page}/rules?ref=${encodeURIComponent(ref)}\n\n`;
  return `${head}${found.map((one) => `- ${one}\n\n`).join("")}`;
}
