import type { Answer } from "../answer.ts";
import type { Call } from "../call.ts";
import type { Site } from "../site.ts";
import { pullOf } from "../state/store.ts";
import { act, mayAct } from "./act.ts";
import type { Address } from "./address.ts";
import { notThere } from "./frame.ts";
import { showDiff, showPull } from "./pull.ts";
import { showRepository, showSite } from "./repository.ts";

/** Shows a page to a person, or does what its form asks for. */
export async function show(site: Site, call: Call, address: Address): Promise<Answer> {
  if (address.kind === "site") return showSite(site);
  const repository = site.store.repository(address.repository);
  if (repository === undefined) return notThere("repository");
  if (address.kind === "repository") return showRepository(site, repository);
  const pull = pullOf(repository, address.number);
  if (pull === undefined) return notThere("pull request");
  if (address.kind === "diff") return showDiff(site, repository, pull);
  return call.method === "POST" ? act(site, call, repository, pull) : showPull(site, repository, pull, mayAct(call));
}
