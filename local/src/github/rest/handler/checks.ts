import { notFound } from "../../refusal.ts";
import type { CheckRun, Status } from "../../state/model.ts";
import { numberOf, paged } from "../context.ts";
import type { InRepository, Reply } from "../context.ts";
import { commitIn } from "./commits.ts";
import { apiOf, nodeId, timeText, webOf } from "../view/links.ts";
import { minimalRepository } from "../view/repository.ts";

export async function listCheckRuns(context: InRepository): Promise<Reply> {
  const { repository, params } = context;
  const sha = await commitIn(context);
  const { check_name: name, status, filter } = params;
  const ofCommit = repository.checks.filter((run) => run.sha === sha);
  const newest = filter === "all" ? ofCommit : [...new Map(ofCommit.map((run) => [run.name, run])).values()];
  const found = newest.filter((run) => (name === undefined || run.name === name) && (status === undefined || run.status === status));
  const { items, headers } = paged(context, found);
  return { status: 200, body: { total_count: found.length, check_runs: items.map((run) => runBody(context, run)) }, headers };
}

function runBody({ links, repository }: InRepository, run: CheckRun): object {
  const url = `${apiOf(links, repository)}/check-runs/${run.id}`;
  const html = `${webOf(links, repository)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId("CR", run.id),
    head_sha: run.sha,
    name: run.name,
    url,
    html_url: html,
    // GitHub leads to the job of Actions by this address.
    details_url: run.log === undefined ? html : `${webOf(links, repository)}/actions/runs/1/job/${run.id}`,
    status: run.status,
    conclusion: run.conclusion ?? null,
    started_at: timeText(run.at),
    completed_at: run.status === "completed" ? timeText(run.at) : null,
    external_id: "",
    check_suite: { id: run.id },
    output: {
      title: run.title ?? null,
      summary: run.summary ?? null,
      text: null,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    app: null,
    pull_requests: [],
  };
}

export async function listAnnotations(context: InRepository): Promise<Reply> {
  const run = context.repository.checks.find(({ id }) => id === numberOf(context, "check_run_id"));
  if (run === undefined) throw notFound();
  const { items, headers } = paged(context, run.annotations);
  const blob = `${webOf(context.links, context.repository)}/blob/${run.sha}`;
  const body = items.map(({ path, line, level, message }) => ({
    path,
    blob_href: `${blob}/${encodeURI(path)}`,
    start_line: line,
    end_line: line,
    start_column: null,
    end_column: null,
    annotation_level: level,
    title: null,
    message,
    raw_details: null,
  }));
  return { status: 200, body, headers };
}

/** As GitHub: a redirect to a place that needs no credential and must get none. */
export async function jobLogs(context: InRepository): Promise<Reply> {
  const { repository, call } = context;
  const run = repository.checks.find(({ id, log }) => id === numberOf(context, "job_id") && log !== undefined);
  if (run === undefined) throw notFound();
  return { status: 302, headers: { location: `${call.origin}/_logs/${repository.id}/${run.id}` } };
}

export async function combinedStatus(context: InRepository): Promise<Reply> {
  const { links, repository, site } = context;
  const sha = await commitIn(context);
  const latest = new Map(repository.statuses.filter((one) => one.sha === sha).map((one) => [one.context, one]));
  const statuses = [...latest.values()];
  const { items, headers } = paged(context, statuses);
  const url = `${apiOf(links, repository)}/commits/${sha}`;
  const body = {
    state: combined(statuses),
    sha,
    total_count: statuses.length,
    statuses: items.map((one) => statusBody(context, one)),
    repository: minimalRepository(links, repository, site.store.who(repository.owner)),
    commit_url: url,
    url: `${url}/status`,
  };
  return { status: 200, body, headers };
}

/** GitHub says pending where there is no status at all. */
function combined(statuses: readonly Status[]): string {
  if (statuses.some(({ state }) => state === "error" || state === "failure")) return "failure";
  return statuses.length === 0 || statuses.some(({ state }) => state === "pending") ? "pending" : "success";
}

function statusBody({ links, repository }: InRepository, { id, sha, context, state, description, at }: Status): object {
  return {
    id,
    node_id: nodeId("SC", id),
    url: `${apiOf(links, repository)}/statuses/${sha}`,
    avatar_url: null,
    state,
    context,
    description: description ?? null,
    target_url: null,
    created_at: timeText(at),
    updated_at: timeText(at),
  };
}
