import { recordName } from "@codybatch/crds";
import { urlOf } from "@codybatch/dashboard-contract";
import { resources } from "@codybatch/operator";
import { at, endedAttempt, eventually, gz, type stages, type Stage } from "../../../server/src/testing/stage.ts";
import { said } from "./running.ts";
import { batch, emptyWorld, ready } from "./world.ts";

/** A text of a field: colour of a terminal, HTML, and a character that turns what follows around. */
export const evil = (field: string): string => `${field}\u001B[31m<i id=evil>\u202E`;
/** As it has to be read on the page. */
export const shown = (field: string): string => `${field}<i id=evil>‹U+202E›`;
/** What a name of a branch may hold. */
export const evilBranch = "branch<i/id=evil>";
export const link = "javascript:alert(document.domain)";
/** Longer than any page could draw at once, without a single blank. */
const longLine = "y".repeat(5_000_000);

const condition = {
  type: evil("type"),
  status: "False",
  reason: evil("condition"),
  message: evil("told"),
  lastTransitionTime: at(0),
};

const result = {
  wereChangesNecessary: true,
  summary: `${evil("summary")} [s](${link}) ![i](https://evil.example/i.png)`,
  explanation: `${evil("explanation")} <script>alert(1)</script>`,
  filesChanged: 1,
  additions: 1,
  deletions: 0,
  checks: [{ name: evil("check"), outcome: "Failed", required: true }],
  review: { model: evil("reviewer"), approved: false, reasons: [evil("objection")] },
  warnings: [evil("warning")],
};

const pullRequest = {
  url: link,
  number: 7,
  state: evil("state"),
  checks: evil("ci"),
  review: evil("review"),
  mergeable: evil("mergeable"),
  headSHA: "<i id=evil>",
};

const changedIn = (header: string, path: string): string =>
  `diff --git ${header}\n--- ${path}\n+++ ${path}\n@@ -1,1 +1,2 @@\n one\n+${evil("line")} ${link}\n`;

/** Names that lead out of a folder, hold HTML, or are quoted as git does; and a line of 5 MB. */
const patch = [
  changedIn("a/../../outside b/../../outside", "b/../../outside"),
  changedIn("a/<i id=evil>.ts b/<i id=evil>.ts", "b/<i id=evil>.ts"),
  changedIn(String.raw`"a/\033[31mred\342\200\256.ts" "b/\033[31mred\342\200\256.ts"`, String.raw`"b/\033[31mred\342\200\256.ts"`),
  `diff --git a/long b/long\n--- a/long\n+++ b/long\n@@ -1,1 +1,2 @@\n one\n+${longLine}\n`,
].join("");

const event = (kind: string, more: object) => ({ kind, at: at(2), turn: 2, ...more });
const transcript = [
  {
    kind: "started",
    version: 1,
    at: at(0),
    turn: 0,
    changeset: evil("own"),
    attempt: 0,
    try: 1,
    model: evil("model"),
    baseCommit: "b".repeat(40),
  },
  {
    ...said(1, ""),
    content: [
      { type: "text", text: `${evil("words")} [w](${link})` },
      { type: "thinking", thinking: evil("thought") },
      { type: "tool_use", id: "c1", name: evil("tool"), input: { path: evil("path"), content: evil("input") } },
      { type: evil("kind"), text: evil("other") },
    ],
  },
  event("tool", { toolUseID: "c1", name: evil("tool"), isError: true, output: evil("output"), durationMs: 1 }),
  event("check", { name: evil("checked"), exitCode: 1, durationMs: 1, output: evil("log") }),
  event("retry", { cause: evil("cause"), waitMs: 1 }),
  event("nudge", { cause: "Limit", text: evil("nudge") }),
  event("verdict", { round: 1, approved: false, reasons: [evil("veto")] }),
  event("tool", { toolUseID: "c2", name: "read_file", isError: false, output: longLine, durationMs: 1 }),
  event("ended", { reason: "Reported", message: evil("ended") }),
];

/** A batch whose every text is hostile, as far as the API server takes it. */
export async function hostileWorld(open: ReturnType<typeof stages>): Promise<Stage> {
  const stage = await emptyWorld(open);
  await stage.batch(batch.namespace, batch.name, {
    spec: { prompt: evil("prompt"), agent: { model: evil("model") } },
    status: { phase: "Running", counts: { failed: 1 }, conditions: [condition] },
  });
  await stage.create(resources.events, batch.namespace, {
    metadata: { name: "event" },
    type: "Warning",
    reason: evil("event"),
    note: evil("note"),
    eventTime: at(0),
    regarding: { kind: "BatchChange", name: batch.name, namespace: batch.namespace },
  });
  await addRepository(stage);
  await eventually("it is listed", async () => (await stage.get(urlOf("repositories", { params: batch }))).body?.total === 1);
  await eventually("it is failed", async () => (await stage.get(urlOf("failures", { params: {} }))).body?.total === 1);
  return stage;
}

async function addRepository(stage: Stage): Promise<void> {
  const pod = "pod";
  const stored = { refs: [recordName.transcript(pod, 0)], events: transcript.length };
  const attempt = endedAttempt(pod, { outcome: "Failed", reason: evil("ending"), transcript: stored });
  const repository = {
    url: "https://github.com/acme/api",
    name: evil("acme/../../x"),
    branch: evilBranch,
    instructions: evil("instructions"),
  };
  await stage.create(resources.changesets, batch.namespace, {
    metadata: { name: ready.changeset },
    spec: { batchChange: batch.name, repository },
  });
  const status = {
    phase: "Failed",
    reason: evil("reason"),
    message: evil("message"),
    result,
    pullRequest,
    attempts: [attempt],
    patch: attempt.patch,
    transcript: stored,
    usage: attempt.usage,
    conditions: [condition],
  };
  const owner = await stage.client.mergePatch(resources.changesets, batch.namespace, ready.changeset, { status }, "status");
  const approval = { patch: attempt.patch.digest, by: evil("approver") };
  await stage.client.mergePatch(resources.changesets, batch.namespace, ready.changeset, { spec: { approval } });
  await stage.record(owner, "patch", { name: recordName.patch(pod), binary: gz.patch(patch) });
  await stage.record(owner, "transcript", { name: recordName.transcript(pod, 0), binary: gz.transcript(transcript) });
}
