import { roles } from "../state/model.ts";
import type { Pull, Repository } from "../state/model.ts";
import type { Store } from "../state/store.ts";
import type { Act } from "./act.ts";
import { escaped } from "./frame.ts";

/** Buttons for what a person does to a pull request at GitHub, as somebody who may push. */
export function formOf(store: Store, repository: Repository, pull: Pull): string {
  const who = people(store, repository);
  const buttons = buttonsFor(pull).map(([act, label]) => `<button name="act" value="${act}">${label}</button>`);
  if (who.length === 0 || buttons.length === 0) return "";
  const options = who.map((login) => `<option>${escaped(login)}</option>`).join("");
  return `<form method="post"><h2>As a person</h2>
<p>For trying things out: GitHub has no such form, and it works on this machine alone.</p>
<p><label>Who <select name="by">${options}</select></label></p>
<p>${buttons.join("\n")}</p></form>`;
}

type Button = readonly [Act, string];

const merges: readonly Button[] = [
  ["merge", "Merge"],
  ["squash", "Squash and merge"],
  ["rebase", "Rebase and merge"],
];
const others: readonly Button[] = [
  ["approve", "Approve"],
  ["request-changes", "Request changes"],
  ["checks-green", "Checks pass"],
  ["checks-red", "Checks fail"],
  ["commit", "Commit to its branch"],
  ["close", "Close"],
];

function buttonsFor({ state, draft, merged }: Pull): readonly Button[] {
  if (merged !== undefined) return [];
  if (state === "closed") return [["reopen", "Reopen"]];
  return [...(draft ? [["ready", "Ready for review"] as const] : merges), ...others];
}

/** Logins that may push, those with the most rights first. */
export function people(store: Store, repository: Repository): readonly string[] {
  const users = store.world.accounts.filter(({ kind }) => kind === "User").map(({ login }) => login);
  const rank = (login: string): number => roles.findIndex((role) => role === store.roleOf(login, repository));
  return users.filter((login) => rank(login) >= roles.indexOf("write")).toSorted((left, right) => rank(right) - rank(left));
}
