import { z } from "zod";
import { Answered, Unavailable } from "../../github/fault.ts";
import type { Closing } from "./close.ts";
import { type OurPull, placeOf } from "./pull.ts";

const Comment = z.object({ body: z.string().nullish() });

const mostAttempts = 4;
const pageSize = 100;
/** A pull request may have 2,500 comments. */
const mostPages = 25;

/** Says why, once, however often it is run. What GitHub refuses of it is a warning: the pull request is closed all the same. */
export async function leaveComment(closing: Closing, pull: OurPull): Promise<void> {
  const { journal, warn } = closing;
  try {
    await left(closing, pull);
    await journal.step("comment", "A comment says why.");
  } catch (error) {
    if (!(error instanceof Answered)) throw error;
    warn(`GitHub refuses the comment that says why the pull request is closed (${error.status}): ${error.message}`.slice(0, 500));
  }
}

/** Nobody knows what became of a request without an answer, so it is looked for before each. */
async function left({ host, input, patience }: Closing, pull: OurPull): Promise<void> {
  const wanted = { ...placeOf(pull), issue_number: pull.number, body: input.close.comment };
  for (let attempt = 1; !(await isThere(host, pull, wanted.body)); attempt += 1) {
    try {
      await host.ask(Comment, "once", (octokit) => octokit.rest.issues.createComment(wanted));
      return;
    } catch (error) {
      if (!(error instanceof Unavailable) || attempt >= mostAttempts) throw error;
      await patience.rest(attempt);
    }
  }
}

async function isThere(host: Closing["host"], pull: OurPull, text: string): Promise<boolean> {
  const asked = { ...placeOf(pull), issue_number: pull.number, per_page: pageSize };
  for (let page = 1; page <= mostPages; page += 1) {
    const comments = await host.ask(z.array(Comment), "repeatable", (octokit) => octokit.rest.issues.listComments({ ...asked, page }));
    if (comments.some(({ body }) => plain(body ?? "") === plain(text))) return true;
    if (comments.length < pageSize) return false;
  }
  return false;
}

/** GitHub may give other ends of lines than it got. */
function plain(text: string): string {
  return text.replaceAll("\r", "").trim();
}
