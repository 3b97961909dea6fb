import { z } from "zod";
import type { Host } from "../../github/host.ts";

/** A commit of a repository at GitHub. */
export interface Commit {
  readonly owner: string;
  readonly repo: string;
  readonly sha: string;
}

const CheckRun = z.object({
  id: z.int(),
  name: z.string(),
  conclusion: z.string().nullish(),
  details_url: z.string().nullish(),
  output: z
    .object({
      title: z.string().nullish(),
      summary: z.string().nullish(),
      text: z.string().nullish(),
      annotations_count: z.int().default(0),
    })
    .prefault({}),
});
export type CheckRun = z.infer<typeof CheckRun>;

const Status = z.object({ context: z.string(), state: z.string(), description: z.string().nullish() });
export type Status = z.infer<typeof Status>;

const Annotation = z.object({
  path: z.string(),
  start_line: z.int().nullish(),
  annotation_level: z.string().nullish(),
  message: z.string().nullish(),
});
export type Annotation = z.infer<typeof Annotation>;

const good = ["success", "neutral", "skipped"];
/** These have something to say; one that was cancelled mostly has not. */
const telling = ["failure", "timed_out", "startup_failure"];

const pageSize = 100;
/** More check runs than this on one commit are not looked through. */
const mostPages = 3;

/** The newest run of each check that ended and did not go well, the most telling first. */
export async function failingRuns(host: Host, { owner, repo, sha }: Commit): Promise<readonly CheckRun[]> {
  const asked = { owner, repo, ref: sha, filter: "latest", status: "completed", per_page: pageSize } as const;
  const all: CheckRun[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const form = z.object({ check_runs: z.array(CheckRun) });
    const { check_runs: runs } = await host.ask(form, "repeatable", (octokit) => octokit.rest.checks.listForRef({ ...asked, page }));
    all.push(...runs);
    if (runs.length < pageSize) break;
  }
  const failing = all.filter(({ conclusion }) => conclusion != null && !good.includes(conclusion));
  const rank = ({ conclusion }: CheckRun): number => (telling.includes(conclusion ?? "") ? 0 : 1);
  return failing.toSorted((one, other) => rank(one) - rank(other) || (one.name < other.name ? -1 : 1));
}

/** Statuses of the old kind that did not go well. */
export async function failingStatuses(host: Host, { owner, repo, sha }: Commit): Promise<readonly Status[]> {
  const asked = { owner, repo, ref: sha, per_page: pageSize };
  const form = z.object({ statuses: z.array(Status) });
  const { statuses } = await host.ask(form, "repeatable", (octokit) => octokit.rest.repos.getCombinedStatusForRef(asked));
  return statuses.filter(({ state }) => state === "failure" || state === "error");
}

/** The first annotations of a check run. */
export async function annotationsOf(host: Host, { owner, repo }: Commit, run: CheckRun, most: number): Promise<readonly Annotation[]> {
  if (run.output.annotations_count === 0) return [];
  const asked = { owner, repo, check_run_id: run.id, per_page: most };
  return await host.ask(z.array(Annotation), "repeatable", (octokit) => octokit.rest.checks.listAnnotations(asked));
}

/** The job of GitHub Actions behind a check run; undefined for a check of somebody else, whose log is not at GitHub. */
export function jobOf({ details_url: url }: CheckRun): number | undefined {
  const digits = /\/actions\/runs\/\d+\/job\/(\d{1,15})(?:$|[?#/])/.exec(url ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}
