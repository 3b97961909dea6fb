import { z } from "zod";
import { textAnswer } from "../answer.ts";
import type { Answer } from "../answer.ts";
import { headerOf } from "../call.ts";
import type { Call } from "../call.ts";
import { Hands } from "../hands.ts";
import type { Site } from "../site.ts";
import type { Pull, Repository } from "../state/model.ts";
import { nameOf } from "../state/store.ts";
import { people } from "./form.ts";
import { escaped, pageAnswer } from "./frame.ts";

const acts = [
  "merge",
  "squash",
  "rebase",
  "close",
  "reopen",
  "ready",
  "approve",
  "request-changes",
  "checks-green",
  "checks-red",
  "commit",
] as const;
export type Act = (typeof acts)[number];

const Wish = z.object({ act: z.enum(acts), by: z.string() });

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether who looks is on this machine, and called it by a name that no stranger's page can have. */
export function mayAct({ isLoopback, origin }: Call): boolean {
  return isLoopback && loopback.has(new URL(origin).hostname);
}

/** Does what a form of one of our own pages asks for, then leads back to that page. */
export async function act(site: Site, call: Call, repository: Repository, pull: Pull): Promise<Answer> {
  if (!mayAct(call) || headerOf(call.headers, "origin") !== call.origin) {
    return textAnswer(403, "Only a page of the stand-in itself may do this, on this machine.\n");
  }
  const wish = Wish.safeParse(Object.fromEntries(new URLSearchParams(call.body.toString("utf8"))));
  if (!wish.success || !people(site.store, repository).includes(wish.data.by)) {
    return textAnswer(422, "The stand-in for GitHub does not know this act, or this person may not push here.\n");
  }
  try {
    await carryOut(new Hands(site), wish.data.act, { name: nameOf(repository), by: wish.data.by, pull });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const back = `<p><a href="${escaped(call.path)}">Back</a></p>`;
    return pageAnswer("That did not work", `<h1>That did not work</h1>\n<p>${escaped(why)}</p>\n${back}`, 409);
  }
  return textAnswer(303, "Done.\n", { location: call.path });
}

type Deed = (hands: Hands, place: Place) => unknown;

interface Place {
  readonly name: string;
  readonly by: string;
  readonly pull: Pull;
}

const checks = {
  success: { name: "ci", conclusion: "success" },
  failure: {
    name: "ci",
    conclusion: "failure",
    title: "1 test failed",
    log: "##[group]Run npm test\n1 test failed\n##[error]Process completed with exit code 1.\n",
  },
} as const;

const deeds: Readonly<Record<Act, Deed>> = {
  merge: (hands, { name, by, pull }) => hands.merge(name, pull.number, by, "merge"),
  squash: (hands, { name, by, pull }) => hands.merge(name, pull.number, by, "squash"),
  rebase: (hands, { name, by, pull }) => hands.merge(name, pull.number, by, "rebase"),
  close: (hands, { name, pull }) => hands.close(name, pull.number),
  reopen: (hands, { name, pull }) => hands.reopen(name, pull.number),
  ready: (hands, { name, pull }) => hands.ready(name, pull.number),
  approve: (hands, { name, by, pull }) => hands.review(name, pull.number, by, "APPROVED"),
  "request-changes": (hands, { name, by, pull }) => hands.review(name, pull.number, by, "CHANGES_REQUESTED"),
  "checks-green": (hands, { name, pull }) => hands.check(name, pull.head.sha, checks.success),
  "checks-red": (hands, { name, pull }) => hands.check(name, pull.head.sha, checks.failure),
  commit: (hands, { name, by, pull }) => hands.commit(name, { by, branch: pull.head.ref, files: { "BY-HAND.md": `Written by ${by}.\n` } }),
};

async function carryOut(hands: Hands, what: Act, place: Place): Promise<void> {
  const { name, pull } = place;
  if (pull.merged !== undefined) throw new Error(`pull request ${pull.number} of ${name} is merged already`);
  await deeds[what](hands, place);
}
