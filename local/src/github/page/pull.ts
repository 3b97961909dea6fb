import type { Answer } from "../answer.ts";
import { diffText } from "../git/comparison.ts";
import { gitOf } from "../site.ts";
import type { Site } from "../site.ts";
import type { Pull, Repository } from "../state/model.ts";
import { nameOf } from "../state/store.ts";
import { reviewDecision, rollup } from "../state/verdict.ts";
import { formOf } from "./form.ts";
import { escaped, factsOf, pageAnswer, plainAnswer } from "./frame.ts";
import { stateOf } from "./repository.ts";

/** Most of a diff that the page itself shows, in letters. */
const shownDiff = 100_000;

export async function showDiff(site: Site, repository: Repository, pull: Pull): Promise<Answer> {
  return plainAnswer(await diffText(gitOf(site, repository), pull.base.sha, pull.head.sha));
}

/** One pull request; with a form for what people do, where the looker is on this machine. */
export async function showPull(site: Site, repository: Repository, pull: Pull, mayAct: boolean): Promise<Answer> {
  const name = escaped(nameOf(repository));
  const diff = await diffText(gitOf(site, repository), pull.base.sha, pull.head.sha);
  const parts = [
    `<p><a href="/${name}">${name}</a></p>`,
    `<h1>${escaped(pull.title)} <small>#${pull.number}</small></h1>`,
    factsOf(facts(site, repository, pull)),
    `<pre>${escaped(pull.body ?? "")}</pre>`,
    ...pull.comments.map(({ user, body }) => `<h2>${escaped(user)} said</h2>\n<pre>${escaped(body)}</pre>`),
    mayAct ? formOf(site.store, repository, pull) : "",
    `<h2><a href="/${name}/pull/${pull.number}.diff">The diff</a></h2>`,
    `<pre>${escaped(diff.slice(0, shownDiff))}${diff.length > shownDiff ? "\n…" : ""}</pre>`,
  ];
  return pageAnswer(`${pull.title} · #${pull.number} · ${nameOf(repository)}`, parts.filter(Boolean).join("\n"));
}

function facts({ store }: Site, repository: Repository, pull: Pull): readonly (readonly [string, string])[] {
  const reviews = pull.reviews.map(({ user, state }) => `${user} ${state.toLowerCase().replaceAll("_", " ")}`);
  return [
    ["State", pull.merged === undefined ? stateOf(pull) : `merged by ${pull.merged.by} as ${pull.merged.commit}`],
    ["From", `${pull.head.ref} at ${pull.head.sha}`],
    ["Into", pull.base.ref],
    ["Author", pull.author],
    ["Labels", pull.labels.join(", ") || "none"],
    ["Reviewers", [...pull.reviewers, ...pull.teamReviewers].join(", ") || "none"],
    ["Reviews", reviews.join(", ") || "none"],
    ["Decision", reviewDecision(repository, pull, store)?.toLowerCase().replaceAll("_", " ") ?? "no review is demanded"],
    ["Checks", rollup(repository, pull.head.sha)?.toLowerCase() ?? "none"],
  ];
}
