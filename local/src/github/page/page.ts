import { textAnswer } from "../answer.ts";
import type { Answer } from "../answer.ts";
import { diffText } from "../git/comparison.ts";
import { gitOf } from "../site.ts";
import type { Site } from "../site.ts";
import type { Pull, Repository } from "../state/model.ts";
import { nameOf, pullOf } from "../state/store.ts";
import { rollup } from "../state/verdict.ts";

/** A page of one pull request. */
export interface PagePath {
  readonly repository: string;
  readonly number: number;
  readonly isDiff: boolean;
}

export function pagePathOf(path: string): PagePath | undefined {
  const [, repository, number, ending] = /^\/([^/]+\/[^/]+)\/pull\/(\d+)(\.diff)?$/.exec(path) ?? [];
  return repository === undefined ? undefined : { repository, number: Number(number), isDiff: ending === ".diff" };
}

/** Shows a pull request to a person. What is private is shown, too: the address is a secret of the machine it runs on. */
export async function showPull(site: Site, { repository: name, number, isDiff }: PagePath): Promise<Answer> {
  const repository = site.store.repository(name);
  const pull = repository === undefined ? undefined : pullOf(repository, number);
  if (repository === undefined || pull === undefined)
    return textAnswer(404, "This pull request does not exist in the stand-in for GitHub.\n");
  if (isDiff) return textAnswer(200, await diffText(gitOf(site, repository), pull.base.sha, pull.head.sha), guarded);
  return { status: 200, headers: { ...guarded, "content-type": "text/html; charset=utf-8" }, body: Buffer.from(pageOf(repository, pull)) };
}

/** Nothing on the page may run or load anything. */
const guarded = {
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}
.label{border:1px solid #9a6700;background:#fff8c5;padding:.5rem 1rem;border-radius:6px}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #d1d9e0;padding:1rem;border-radius:6px}`;

function pageOf(repository: Repository, pull: Pull): string {
  const title = `${pull.title} · #${pull.number} · ${nameOf(repository)}`;
  const facts = [
    ["State", stateOf(pull)],
    ["From", `${pull.head.ref} at ${pull.head.sha}`],
    ["Into", pull.base.ref],
    ["Author", pull.author],
    ["Labels", pull.labels.join(", ") || "none"],
    ["Reviewers", [...pull.reviewers, ...pull.teamReviewers].join(", ") || "none"],
    ["Checks", rollup(repository, pull.head.sha)?.toLowerCase() ?? "none"],
  ];
  const comments = pull.comments.map(({ user, body }) => `<h2>${escaped(user)} said</h2>\n<pre>${escaped(body)}</pre>`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style></head>
<body>
<p class="label">Stand-in for GitHub on this machine. Nothing here is on GitHub.</p>
<h1>${escaped(pull.title)} <small>#${pull.number}</small></h1>
<p>${escaped(nameOf(repository))}</p>
<ul>
${facts.map(([name, value]) => `<li>${name}: ${escaped(value ?? "")}</li>`).join("\n")}
</ul>
<p><a href="${pull.number}.diff">The diff</a></p>
<pre>${escaped(pull.body ?? "")}</pre>
${comments.join("\n")}
</body>
</html>
`;
}

function stateOf({ state, draft, merged }: Pull): string {
  if (merged !== undefined) return "merged";
  return state === "open" && draft ? "open, a draft" : state;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as text, wherever it came from. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}
