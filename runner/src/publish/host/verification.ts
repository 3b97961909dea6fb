import type { PublishOutcome } from "@codybatch/crds";
import { z } from "zod";
import { Answered, RateLimited, Unavailable } from "../../github/fault.ts";
import type { PullsOptions } from "./pulls.ts";

export type Verified = NonNullable<Extract<PublishOutcome, { readonly kind: "Published" }>["verified"]>;

const Answer = z.object({ commit: z.object({ verification: z.object({ verified: z.boolean(), reason: z.string().max(64) }) }) });

/** What the host makes of a commit's signature. Where it does not say, that is a warning: the pull request is there. */
export async function verificationOf(options: Omit<PullsOptions, "patience">, commit: string): Promise<Verified | undefined> {
  const { host, repository, warn } = options;
  // Of its files, which come along, one is enough.
  const asked = { owner: repository.owner, repo: repository.repo, ref: commit, per_page: 1 };
  try {
    const answer = await host.ask(Answer, "repeatable", (octokit) => octokit.rest.repos.getCommit(asked));
    const { verified, reason } = answer.commit.verification;
    if (!verified) warn(`The host does not verify the commit's signature (${reason}). ${remedies[reason] ?? ""}`.trimEnd());
    return { verified, reason };
  } catch (error) {
    if (!(error instanceof Answered || error instanceof RateLimited || error instanceof Unavailable)) throw error;
    warn(`The host does not say whether it verifies the commit's signature: ${error.message}`.slice(0, 500));
    return undefined;
  }
}

/** GitHub's words (REST, "Signature verification object"), as far as who signs can do something. */
const remedies: Readonly<Record<string, string | undefined>> = {
  unknown_key: "Add the public half of signing.key to the signing keys of the account whose address the commits bear.",
  no_user: "No account has the address that the commits bear.",
  unverified_email: "The account has not confirmed the address that the commits bear.",
  bad_email: "The address that the commits bear is not that of the key's account.",
};
