import type { Patch } from "./patches.ts";
import type { Seen } from "./view.ts";
import { expected } from "./batches.ts";

/** What is said of each patch. */
export function patchLines(patches: readonly Patch[]): readonly string[] {
  if (patches.length === 0) return ["No patches."];
  return ["Patches:", ...patches.map(({ path, check }) => `  ${path}  ${verdict(check)}`)];
}

function verdict(check: Patch["check"]): string {
  if (check.kind === "broken") return `DOES NOT APPLY: ${check.cause}`;
  return check.kind === "applies"
    ? "applies to a fresh clone and gives the recorded tree"
    : "not tried: its repository is not on this machine";
}

/** The Changesets that need a word: why one failed, how to approve one. */
export function messageLines(seen: Seen): readonly string[] {
  const spoken = seen.changes.filter(({ status }) => status.phase === "Failed" || status.phase === "AwaitingApproval");
  return spoken.flatMap(({ spec, status }) => [
    `${spec.batchChange} ${spec.repository.name}: ${status.phase}`,
    `  ${status.message ?? ""}`,
  ]);
}

/** Where the repositories are, and the pull requests that there are. */
export function githubLines(github: string | undefined, { changes }: Seen): readonly string[] {
  const place =
    github === undefined ? [] : [`Repositories: ${github}/  (a stand-in for GitHub on this machine; nothing there is on GitHub)`];
  const pulls = changes.flatMap(({ spec, status: { pullRequest } }) =>
    pullRequest === undefined ? [] : [`  ${spec.batchChange} ${spec.repository.name}: ${pullRequest.url}  ${pullRequest.state}`],
  );
  const hint =
    github === undefined ? "" : "  (each page has a form to review, merge or close it as a person; what you do there is seen within 15 s)";
  const lines = [...place, ...(pulls.length === 0 ? [] : [`Pull requests:${hint}`, ...pulls])];
  return lines.length === 0 ? [] : [...lines, ""];
}

/** Where the dashboard is, if there is one. */
export function dashboardLines(url: string | undefined): readonly string[] {
  return url === undefined ? [] : [`Dashboard: ${url}/  (every batch, diff and transcript, live; on this machine only)`, ""];
}

/** kubectl commands to try. */
export function kubectlLines(kubeconfig: string, seen: Seen): readonly string[] {
  const first = seen.changes[0]?.metadata;
  const where = first === undefined || first.namespace === "default" ? "" : ` -n ${first.namespace}`;
  return [
    "Look at it with kubectl while the demo is up:",
    `  export KUBECONFIG=${shellWord(kubeconfig)}`,
    `  kubectl${where} get batchchanges,changesets`,
    ...(first === undefined ? [] : [`  kubectl${where} describe changeset ${first.name}`]),
    `  kubectl explain batchchange.spec`,
  ];
}

function shellWord(text: string): string {
  return /^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Where the demo's own batches ended otherwise than their scripts bring about. */
export function surprises(seen: Seen): readonly string[] {
  return seen.changes.flatMap(({ spec, status }) => {
    const phase = expected[spec.batchChange]?.[spec.repository.name];
    // What was approved goes on from there.
    return phase === undefined || phase === status.phase || spec.approval !== undefined
      ? []
      : [`${spec.batchChange} ${spec.repository.name} is ${status.phase ?? "Pending"}, expected ${phase}`];
  });
}

/** Approved changes of the demo that have no open pull request in the end. */
export function unpublished({ changes }: Seen): readonly string[] {
  const lacking = changes.filter(({ spec, status }) => spec.approval !== undefined && status.pullRequest === undefined);
  return lacking.map(
    ({ spec, status }) => `${spec.batchChange} ${spec.repository.name} is ${status.phase ?? "Pending"}, expected a pull request`,
  );
}
