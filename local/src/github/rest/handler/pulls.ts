import { z } from "zod";
import { changedFiles, commitsBetween, forkPoint } from "../../git/comparison.ts";
import { isRefName, zero } from "../../git/bare.ts";
import { mergeability } from "../../state/mergeability.ts";
import { close } from "../../state/follow.ts";
import { invalid } from "../../refusal.ts";
import { gitOf } from "../../site.ts";
import type { Pull } from "../../state/model.ts";
import { actorOf, paged, pullIn, textOf } from "../context.ts";
import type { InRepository, Reply } from "../context.ts";
import { simplePull, wholePull } from "../view/pull.ts";
import { timeText } from "../view/links.ts";

const New = z.object({
  title: z.string().optional(),
  head: z.string(),
  base: z.string(),
  body: z.string().optional(),
  draft: z.boolean().default(false),
  maintainer_can_modify: z.boolean().default(true),
});

/** GitHub's own most. */
const maxTitle = 256;
const maxBody = 65_536;

export async function createPull(context: InRepository): Promise<Reply> {
  const wanted = New.parse(context.body);
  const { site, repository } = context;
  if (wanted.title === undefined || wanted.title.trim() === "") throw missing("title");
  checkTexts(wanted.title, wanted.body);
  const head = await branchOf(context, wanted.head, "head");
  const base = await branchOf(context, wanted.base, "base");
  const isOpen = ({ state, head: from, base: onto }: Pull): boolean => state === "open" && from.ref === head.ref && onto.ref === base.ref;
  if (repository.pulls.some(isOpen)) throw custom(`A pull request already exists for ${repository.owner}:${head.ref}.`);
  if ((await commitsBetween(gitOf(site, repository), base.sha, head.sha)).length === 0) {
    throw custom(`No commits between ${base.ref} and ${head.ref}`);
  }
  const pull = opened(context, { ...wanted, title: wanted.title, head, base });
  repository.pulls.push(pull);
  await gitOf(site, repository).update(`refs/pull/${pull.number}/head`, head.sha);
  const location = `${context.links.api}/repos/${repository.owner}/${repository.name}/pulls/${pull.number}`;
  return { status: 201, body: await whole(context, pull), headers: { location } };
}

type Side = Pull["head"];

function opened(
  context: InRepository,
  wanted: Omit<z.infer<typeof New>, "head" | "base" | "title"> & { title: string; head: Side; base: Side },
): Pull {
  const { site, repository } = context;
  const at = site.now();
  const number = repository.nextNumber;
  repository.nextNumber += 1;
  return {
    id: site.store.newId(),
    number,
    title: wanted.title,
    ...(wanted.body === undefined ? {} : { body: wanted.body }),
    draft: wanted.draft,
    state: "open",
    author: actorOf(context),
    head: wanted.head,
    base: wanted.base,
    maintainerCanModify: wanted.maintainer_can_modify,
    createdAt: at,
    updatedAt: at,
    labels: [],
    reviewers: [],
    teamReviewers: [],
    reviews: [],
    comments: [],
  };
}

/** `branch` or `owner:branch`; another owner's is a fork's, of which there are none here. */
async function branchOf({ site, repository }: InRepository, text: string, field: string): Promise<Side> {
  const [owner, ref] = text.includes(":")
    ? [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)]
    : [repository.owner, text];
  const isOurs = owner.toLowerCase() === repository.owner.toLowerCase();
  const sha = isOurs && isRefName(ref) ? await gitOf(site, repository).tip(`refs/heads/${ref}`) : undefined;
  if (sha === undefined) throw invalid({ resource: "PullRequest", field, code: "invalid" });
  return { ref, sha };
}

function missing(field: string): Error {
  return invalid({ resource: "PullRequest", code: "missing_field", field });
}

function custom(message: string): Error {
  return invalid({ resource: "PullRequest", code: "custom", message });
}

function checkTexts(title: string | undefined, body: string | undefined): void {
  if (title !== undefined && title.length > maxTitle) throw tooLong("title", maxTitle);
  if (body !== undefined && body.length > maxBody) throw tooLong("body", maxBody);
}

function tooLong(field: string, most: number): Error {
  return invalid({ resource: "PullRequest", field, code: "custom", message: `${field} is too long (maximum is ${most} characters)` });
}

async function whole(context: InRepository, pull: Pull): Promise<object> {
  const { site, repository } = context;
  const bare = gitOf(site, repository);
  const commits = await commitsBetween(bare, pull.base.sha, pull.head.sha);
  const files = await changedFiles(bare, await forkPoint(bare, pull.base.sha, pull.head.sha), pull.head.sha);
  return wholePull({ ...context, store: site.store }, pull, {
    commits: commits.length,
    changedFiles: files.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    mergeable: (await mergeability(site, repository, pull)) ?? null,
  });
}

export async function getPull(context: InRepository): Promise<Reply> {
  return { status: 200, body: await whole(context, pullIn(context)) };
}

const Update = z.object({
  title: z.string().optional(),
  body: z.string().optional(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

export async function updatePull(context: InRepository): Promise<Reply> {
  const pull = pullIn(context);
  const { title, body, state, base, maintainer_can_modify: mayModify } = Update.parse(context.body);
  checkTexts(title, body);
  if (title?.trim() === "") throw missing("title");
  const onto = base === undefined ? undefined : await branchOf(context, base, "base");
  if (state !== undefined && state !== pull.state) await changeState(context, pull, state);
  if (title !== undefined) pull.title = title;
  if (body !== undefined) pull.body = body;
  if (onto !== undefined) pull.base = onto;
  if (mayModify !== undefined) pull.maintainerCanModify = mayModify;
  pull.updatedAt = context.site.now();
  return { status: 200, body: await whole(context, pull) };
}

async function changeState({ site, repository }: InRepository, pull: Pull, state: "open" | "closed"): Promise<void> {
  if (state === "closed") return close(pull, site.now());
  const tip = (await gitOf(site, repository).tip(`refs/heads/${pull.head.ref}`)) ?? zero;
  if (pull.merged !== undefined || tip === zero) {
    throw invalid({
      resource: "PullRequest",
      code: "invalid",
      field: "state",
      message: "state cannot be changed. The pull request cannot be reopened.",
    });
  }
  pull.state = "open";
  delete pull.closedAt;
  pull.head.sha = tip;
}

export async function listPulls(context: InRepository): Promise<Reply> {
  const { repository, site, params } = context;
  const { state = "open", base } = params;
  // GitHub takes a head without its owner for no filter at all.
  const head = textOf(context, "head").includes(":") ? textOf(context, "head") : undefined;
  const found = repository.pulls.filter(
    (pull) =>
      (state === "all" || pull.state === state) &&
      (head === undefined || `${repository.owner}:${pull.head.ref}`.toLowerCase() === head.toLowerCase()) &&
      (base === undefined || pull.base.ref === base),
  );
  const { items, headers } = paged(context, sorted(found, textOf(context, "sort"), textOf(context, "direction")));
  return { status: 200, body: items.map((pull) => simplePull({ ...context, store: site.store }, pull)), headers };
}

function sorted(pulls: readonly Pull[], sort: string, direction: string): readonly Pull[] {
  const key = (pull: Pull): string =>
    (sort === "updated" ? timeText(pull.updatedAt) : timeText(pull.createdAt)) + String(pull.number).padStart(9, "0");
  const isDescending = direction === "" ? sort === "" || sort === "created" : direction === "desc";
  const rising = pulls.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  return isDescending ? rising.toReversed() : rising;
}
