import type { Token } from "../access/token.ts";
import type { Answer } from "../answer.ts";
import type { PushEntry } from "../journal.ts";
import { gitOf } from "../site.ts";
import type { Site } from "../site.ts";
import { follow } from "../state/follow.ts";
import type { Repository } from "../state/model.ts";
import { nameOf } from "../state/store.ts";
import { askGit } from "./backend.ts";
import type { Asked } from "./backend.ts";
import type { Bare } from "./bare.ts";
import { zero } from "./bare.ts";
import { parsePush, refusal } from "./packet.ts";
import type { Command } from "./packet.ts";
import { judge } from "./policy.ts";

interface Received {
  readonly repository: Repository;
  readonly token: Token;
  readonly request: Asked;
  /** Scheme and host that the client spoke to. */
  readonly origin: string;
}

/** Takes a push or refuses it, writes down what became of each ref, and lets pull requests follow. */
export async function receive(site: Site, { repository, token, request, origin }: Received): Promise<Answer> {
  const push = parsePush(request.body);
  if (push.commands.length === 0) return askGit(request);
  const bare = gitOf(site, repository);
  const verdict = await judge(site, { push, token, repository, origin });
  const note = (command: Command, refused: string | undefined): void =>
    void site.journal.pushes.push(entry(site, { repository, token, command, forced: verdict.forced.has(command.ref), refused }));
  const { refused } = verdict;
  if (refused !== undefined) {
    for (const command of push.commands) note(command, refused.reasons.get(command.ref) ?? "pre-receive hook declined");
    return { status: 200, headers: { "content-type": "application/x-git-receive-pack-result" }, body: refusal(push, refused) };
  }
  const answer = await askGit(request);
  for (const command of push.commands) {
    const isTaken = await isDone(bare, command);
    note(command, isTaken ? undefined : "refused by git");
    if (isTaken) await moved(site, repository, command, token.actor);
  }
  return answer;
}

async function isDone(bare: Bare, { ref, new: next }: Command): Promise<boolean> {
  const found = (await bare.refs(ref)).find(({ name }) => name === ref);
  return (found?.sha ?? zero) === next;
}

async function moved(site: Site, repository: Repository, { ref, new: to }: Command, by: string): Promise<void> {
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (branch !== undefined) await follow(site, repository, { branch, to, by });
}

interface Noted {
  readonly repository: Repository;
  readonly token: Token;
  readonly command: Command;
  readonly forced: boolean;
  readonly refused: string | undefined;
}

function entry(site: Site, { repository, token, command, forced, refused }: Noted): PushEntry {
  const { ref, old, new: next } = command;
  const base = { at: site.now(), repository: nameOf(repository), ref, old, new: next };
  return { ...base, token: token.name, actor: token.actor, forced, refused };
}
