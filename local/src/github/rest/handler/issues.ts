import { z } from "zod";
import { Refusal, invalid } from "../../refusal.ts";
import type { Comment, Pull } from "../../state/model.ts";
import { actorOf, numberOf, paged, pullIn } from "../context.ts";
import type { InRepository, Reply } from "../context.ts";
import { simpleTeam, simpleUser } from "../view/account.ts";
import { apiOf, nodeId, timeText, webOf } from "../view/links.ts";
import { label, simplePull } from "../view/pull.ts";

const Labels = z.object({ labels: z.array(z.union([z.string(), z.object({ name: z.string() })])).default([]) });

/** GitHub's own most for a name. */
const longestLabel = 50;

export async function setLabels(context: InRepository): Promise<Reply> {
  const pull = pullIn(context);
  const names = namesIn(context);
  pull.labels = [...new Set(names)];
  return labelled(context, pull);
}

export async function addLabels(context: InRepository): Promise<Reply> {
  const pull = pullIn(context);
  const names = namesIn(context);
  pull.labels = [...new Set([...pull.labels, ...names])];
  return labelled(context, pull);
}

/** Labels that are missing are made, and a name is known in any case. */
function namesIn({ body, repository, site }: InRepository): readonly string[] {
  const wanted = Labels.parse(body).labels.map((one) => (typeof one === "string" ? one : one.name));
  const wrong = wanted.find((name) => name.trim() === "" || name.length > longestLabel);
  if (wrong !== undefined) throw invalid({ resource: "Label", code: "invalid", field: "name" });
  return wanted.map((name) => {
    const known = repository.labels.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (known !== undefined) return known.name;
    repository.labels.push({ id: site.store.newId(), name, color: "ededed" });
    return name;
  });
}

function labelled(context: InRepository, pull: Pull): Reply {
  pull.updatedAt = context.site.now();
  return { status: 200, body: pull.labels.map((name) => label({ ...context, store: context.site.store }, name)) };
}

const NewComment = z.object({ body: z.string() });
const maxBody = 65_536;

export async function createComment(context: InRepository): Promise<Reply> {
  const { body } = NewComment.parse(context.body);
  const pull = pullIn(context);
  if (body.trim() === "")
    throw invalid({ resource: "IssueComment", code: "unprocessable", field: "data", message: "Body cannot be blank" });
  if (body.length > maxBody) {
    throw invalid({
      resource: "IssueComment",
      code: "unprocessable",
      field: "data",
      message: "Body is too long (maximum is 65536 characters)",
    });
  }
  const at = context.site.now();
  const comment: Comment = { id: context.site.store.newId(), user: actorOf(context), body, at };
  pull.comments.push(comment);
  pull.updatedAt = at;
  return { status: 201, body: commentBody(context, comment) };
}

export async function listComments(context: InRepository): Promise<Reply> {
  const { items, headers } = paged(context, pullIn(context).comments);
  return { status: 200, body: items.map((one) => commentBody(context, one)), headers };
}

function commentBody(context: InRepository, { id, user, body, at }: Comment): object {
  const { links, repository, site } = context;
  const number = numberOf(context, "issue_number");
  return {
    id,
    node_id: nodeId("IC", id),
    url: `${apiOf(links, repository)}/issues/comments/${id}`,
    html_url: `${webOf(links, repository)}/pull/${number}#issuecomment-${id}`,
    issue_url: `${apiOf(links, repository)}/issues/${number}`,
    user: simpleUser(links, site.store.who(user)),
    body,
    author_association: "COLLABORATOR",
    created_at: timeText(at),
    updated_at: timeText(at),
  };
}

const Wanted = z.object({ reviewers: z.array(z.string()).default([]), team_reviewers: z.array(z.string()).default([]) });

export async function requestReviewers(context: InRepository): Promise<Reply> {
  const { reviewers, team_reviewers: slugs } = Wanted.parse(context.body);
  const { site, repository } = context;
  const { store } = site;
  const pull = pullIn(context);
  const users = reviewers.map((login) => store.account(login));
  const teams = slugs.map((slug) => store.team(repository.owner, slug));
  if (users.some((user) => user?.login === pull.author)) throw new Refusal(422, "Review cannot be requested from pull request author.");
  const isUser = users.every((user) => user !== undefined && store.roleOf(user.login, repository) !== undefined);
  const isTeam = teams.every((team) => team !== undefined && `${team.organization}/${team.slug}` in repository.collaborators);
  if (!isUser || !isTeam) {
    const what = slugs.length === 0 ? "users" : reviewers.length === 0 ? "teams" : "users or teams";
    const name = `${repository.owner}/${repository.name}`;
    const message = `Reviews may only be requested from collaborators. One or more of the ${what} you specified is not a collaborator of the ${name} repository.`;
    throw new Refusal(422, message);
  }
  pull.reviewers = [...new Set([...pull.reviewers, ...users.flatMap((user) => user?.login ?? [])])];
  pull.teamReviewers = [...new Set([...pull.teamReviewers, ...teams.flatMap((team) => team?.slug ?? [])])];
  pull.updatedAt = site.now();
  return { status: 201, body: simplePull({ ...context, store }, pull) };
}

export async function listReviewers(context: InRepository): Promise<Reply> {
  const { links, repository, site } = context;
  const { reviewers, teamReviewers } = pullIn(context);
  const teams = teamReviewers.flatMap((slug) => site.store.team(repository.owner, slug) ?? []);
  return {
    status: 200,
    body: {
      users: reviewers.map((login) => simpleUser(links, site.store.who(login))),
      teams: teams.map((team) => ({ ...simpleTeam(links, team), parent: null })),
    },
  };
}
