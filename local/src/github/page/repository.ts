import { gitOf } from "../site.ts";
import type { Site } from "../site.ts";
import type { Answer } from "../answer.ts";
import type { Pull, Repository } from "../state/model.ts";
import { nameOf } from "../state/store.ts";
import { escaped, factsOf, pageAnswer } from "./frame.ts";

/** Every repository, and its open pull requests. Private ones are shown, too: the address is known on this machine alone. */
export function showSite({ store }: Site): Answer {
  const items = store.world.repositories.map((repository) => {
    const open = repository.pulls.filter(({ state }) => state === "open");
    return `<li><a href="/${escaped(nameOf(repository))}">${escaped(nameOf(repository))}</a> ${escaped(repository.description ?? "")}${list(repository, open)}</li>`;
  });
  return pageAnswer("Stand-in for GitHub", `<h1>Repositories</h1>\n<ul>\n${items.join("\n")}\n</ul>`);
}

/** One repository: its branches and pull requests. */
export async function showRepository(site: Site, repository: Repository): Promise<Answer> {
  const name = nameOf(repository);
  const branches = await gitOf(site, repository).refs("refs/heads/");
  const facts = factsOf([
    ["Description", repository.description ?? "none"],
    ["Default branch", repository.defaultBranch],
    ["Visibility", `${repository.private ? "private" : "public"}${repository.archived ? ", archived" : ""}`],
  ]);
  const refs = branches.map(({ name: ref, sha }) => `<li>${escaped(ref.slice("refs/heads/".length))} at ${sha.slice(0, 12)}</li>`);
  const pulls = repository.pulls.length === 0 ? "<p>None.</p>" : list(repository, repository.pulls.toReversed());
  return pageAnswer(
    name,
    `<p><a href="/">All repositories</a></p>\n<h1>${escaped(name)}</h1>\n${facts}\n<h2>Pull requests</h2>\n${pulls}\n<h2>Branches</h2>\n<ul>\n${refs.join("\n")}\n</ul>`,
  );
}

function list(repository: Repository, pulls: readonly Pull[]): string {
  const place = `/${escaped(nameOf(repository))}/pull`;
  const items = pulls.map(
    (pull) => `<li><a href="${place}/${pull.number}">#${pull.number} ${escaped(pull.title)}</a> (${stateOf(pull)})</li>`,
  );
  return items.length === 0 ? "" : `\n<ul>\n${items.join("\n")}\n</ul>`;
}

export function stateOf({ state, draft, merged }: Pull): string {
  if (merged !== undefined) return "merged";
  return state === "open" && draft ? "open, a draft" : state;
}
