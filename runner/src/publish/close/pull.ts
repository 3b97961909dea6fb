import { z } from "zod";
import { Answered } from "../../github/fault.ts";
import { Refused } from "../fault.ts";
import { Pull } from "../host/pull.ts";
import type { Closing } from "./close.ts";
import { refusal } from "./refusal.ts";

const Repository = z.object({ name: z.string(), full_name: z.string(), owner: z.object({ login: z.string() }) });

/** A pull request alone, with where it goes to and comes from. A repository that was renamed has its new name in it. */
export const OurPull = Pull.extend({
  head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ full_name: z.string() }).nullish() }),
  base: z.object({ repo: Repository }),
});
export type OurPull = z.infer<typeof OurPull>;

/** Reads it by its number, whatever its state. Throws {@link Refused} where it cannot be seen. */
export async function readPull({ host, input }: Pick<Closing, "host" | "input">): Promise<OurPull> {
  const [owner = "", repo = ""] = input.repository.name.split("/");
  const asked = { owner, repo, pull_number: input.close.number };
  return await host
    .ask(OurPull, "repeatable", (octokit) => octokit.rest.pulls.get(asked))
    .catch((error: unknown) => {
      if (!(error instanceof Answered) || error.status !== 404) return refusal("read")(error);
      const words = `The write credential may not see pull request ${asked.pull_number} of ${input.repository.name}, or it is gone (404). Give the credential pull_requests write there, or close it by hand.`;
      throw new Refused("NotOwned", words, { cause: error });
    });
}

/** Where requests about it go. */
export function placeOf({ base: { repo } }: OurPull): { readonly owner: string; readonly repo: string } {
  return { owner: repo.owner.login, repo: repo.name };
}
