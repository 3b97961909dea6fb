const namespaced = "kubectl -n NAMESPACE";
const fieldOf = (jsonpath: string): string => `${namespaced} get cset CHANGESET -o jsonpath='${jsonpath}'`;

/** Commands that show more. NAMESPACE, BATCH and CHANGESET are names that the reader puts in. */
export const look = {
  batch: `${namespaced} describe bc BATCH`,
  changesets: `${namespaced} get cset -l codybatch.dev/batch-change=BATCH`,
  messages: `${namespaced} get cset -l codybatch.dev/batch-change=BATCH -o jsonpath='{range .items[*]}{.spec.repository.name}{": "}{.status.message}{"\\n"}{end}'`,
  changeset: `${namespaced} describe cset CHANGESET`,
  explanation: fieldOf("{.status.result.explanation}"),
  attempts: fieldOf(String.raw`{range .status.attempts[*]}{.job} {.outcome} {.reason} {.finishedAt}{"\n"}{end}`),
  review: fieldOf("{.status.result.review}"),
  patch: `${namespaced} get cm "$(${fieldOf("{.status.patch.ref}")})" -o jsonpath='{.binaryData.change\\.patch\\.gz}' | base64 -d | gunzip`,
  transcript: `for chunk in $(${fieldOf("{.status.transcript.refs[*]}")}); do ${namespaced} get cm "$chunk" -o jsonpath='{.binaryData.transcript\\.jsonl\\.gz}' | base64 -d | gunzip; done`,
  progress: `${namespaced} get cm "$(${fieldOf("{.status.pod.name}")})-live" -o jsonpath='{.data.progress\\.json}'`,
  taskJobs: `${namespaced} get jobs,pods -l codybatch.dev/batch-change=BATCH`,
  pullRequest: fieldOf("{.status.pullRequest}"),
  discovery: `${namespaced} get bc BATCH -o jsonpath='{.status.discovery}'`,
  tracking: `${namespaced} get bc BATCH -o jsonpath='{.status.tracking}'`,
  jobs: `${namespaced} get jobs,pods -l codybatch.dev/changeset=CHANGESET`,
  pod: `${namespaced} describe pod -l codybatch.dev/changeset=CHANGESET`,
  agentLog: `${namespaced} logs -l codybatch.dev/changeset=CHANGESET -c agent --tail=-1`,
  recorderLog: `${namespaced} logs -l codybatch.dev/changeset=CHANGESET -c recorder --tail=-1`,
  secrets: `${namespaced} describe secrets`,
  quota: `${namespaced} describe resourcequota`,
  nodes: "kubectl get nodes",
  recorderAccess: `${namespaced} get serviceaccount,rolebinding codybatch-recorder`,
  policy: "kubectl get validatingadmissionpolicy,validatingadmissionpolicybinding",
  promptSource: `${namespaced} get bc BATCH -o jsonpath='{.spec.promptFrom.configMapKeyRef}'`,
  batches: `${namespaced} get bc`,
} as const;
