import type { Changeset } from "@codybatch/crds";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { treeOfPatch } from "../faults/records.ts";
import { isTurn } from "../local-mode/claude.ts";
import { changes, scenario } from "../story/model.ts";
import { transcriptOf } from "../story/stored.ts";
import { Person } from "./person.ts";
import { agentRuns, podsOf } from "./pod.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
let admin: Person;
let author: Person;
let approver: Person;
beforeAll(async () => {
  stage = await Stage.open({
    name: "control",
    scenarios: [
      scenario("mended", { promptContains: "Mended." }, ...changes("mended.txt")),
      scenario("bad", { repository: "*/bad" }, { say: "I give up." }),
      scenario("well", {}, ...changes("first.txt")),
    ],
  });
  admin = new Person(stage);
  author = new Person(stage, "ada");
  approver = new Person(stage, "grace");
  await admin.does("kubectl create rolebinding ada --clusterrole=codybatch-author --user=ada");
  await admin.does("kubectl create rolebinding grace --clusterrole=codybatch-approver --user=grace");
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

/** Makes repositories `<owner>/<name>`; gives their URLs. */
function repositories(owner: string, ...names: readonly string[]): string[] {
  return names.map((name) => stage.repository(`${owner}/${name}`));
}

/** As the author types it. */
const edit = (name: string, spec: object): string => `kubectl patch bc ${name} --type merge -p '${JSON.stringify({ spec })}'`;

/** The command in a message that patches something. */
function commandIn(message: string | undefined): string {
  const [found] = /kubectl -n \S+ patch (?:bc|cset) .*\}'/.exec(message ?? "") ?? [];
  if (found === undefined) throw new Error(`no command in: ${message}`);
  return found;
}

async function expectPatch({ spec, status }: Changeset): Promise<void> {
  expect(await treeOfPatch(stage, spec.repository.name, status!.patch!)).toBe(status?.patch?.tree);
}

test.concurrent("suspended, what runs ends and nothing starts; resumed, the rest runs", async () => {
  const held = stage.claude.hold("before", isTurn("pace/one", 0));
  const batch = await stage.batch("pace").create(repositories("pace", "one", "two"), { parallelism: 1 });
  await held.reached();
  await author.does(edit("pace", { suspend: true }));
  await batch.until("has seen it", () => true);
  held.release();
  await batch.ends("pace/one", "Ready");
  expect(await batch.reaches("Suspended")).toMatchObject({ progress: "1/2", counts: { ready: 1, pending: 1 } });
  expect((await batch.ends("pace/two", "Pending", "Suspended")).status.message).toContain("Set spec.suspend to false.");
  expect(await podsOf(stage, "pace/two")).toEqual([]);
  await author.does(edit("pace", { suspend: false }));
  await author.does("kubectl wait bc/pace --for=condition=Complete --timeout=180s");
  expect(await batch.reaches("Succeeded")).toMatchObject({ progress: "2/2" });
});

test.concurrent("cancelled in mid-run, a pod gets its grace, transcript and patch so far are kept, and the Job goes", async () => {
  const held = stage.claude.hold("before", isTurn("stop/one", 1));
  const batch = await stage.batch("stop").create(repositories("stop", "one", "two"), { parallelism: 1 });
  await held.reached();
  const pod = await agentRuns(stage, "stop/one");
  const watch = admin.watches(
    `kubectl get pod ${pod.metadata.name} -w -o jsonpath='{.metadata.deletionGracePeriodSeconds} {.status.phase}{"\\n"}'`,
  );
  await author.does(edit("stop", { cancel: true }));
  expect(await batch.reaches("Cancelled")).toMatchObject({ progress: "2/2", counts: { cancelled: 2 } });
  const one = await batch.ends("stop/one", "Cancelled", "CancelRequested");
  expect(one.status).toMatchObject({ diffStat: "+1 -0", attempts: [{ outcome: "Cancelled", reason: "CancelRequested" }] });
  await expectPatch(one);
  const events = await transcriptOf(stage, one);
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["started", "assistant", "tool"]));
  expect(events.at(-1)).toMatchObject({ kind: "ended", reason: "Interrupted" });
  await eventually("Job and pod are gone", async () => {
    const left = [...(await batch.jobs()), ...(await podsOf(stage, "stop/one"))];
    return left.length === 0 ? true : undefined;
  });
  watch.stop();
  expect(watch.lines).toEqual(expect.arrayContaining([expect.stringMatching(/^120 /)]));
  expect((await batch.ends("stop/two", "Cancelled")).status).not.toHaveProperty("attempts");
  expect(await author.tries(edit("stop", { cancel: false }))).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("is final") as string,
  });
});

test.concurrent("the canary goes first, and the rest once it has ended well", async () => {
  const held = stage.claude.hold("before", isTurn("first/one", 0));
  const batch = await stage.batch("first").create(repositories("first", "one", "two"), { rollout: { canary: 1 } });
  await held.reached();
  await batch.ends("first/two", "Pending", "WaitingForCanary");
  expect(await batch.jobs()).toHaveLength(1);
  held.release();
  expect(await batch.reaches("Succeeded")).toMatchObject({ progress: "2/2", counts: { ready: 2 } });
});

test.concurrent("a failed canary stops the rest, until the retry that its message names makes it good", async () => {
  const batch = await stage.batch("bird").create(repositories("bird", "bad", "rest"), { rollout: { canary: 1 } });
  const { message } = await batch.condition("CanaryFailed", "True");
  expect(message).toContain("bird/bad did not end well, so the rest wait.");
  await batch.ends("bird/rest", "Pending", "WaitingForCanary");
  expect(await podsOf(stage, "bird/rest")).toEqual([]);
  await author.does(edit("bird", { prompt: "Mended." }));
  await author.does(commandIn(message));
  const status = await batch.reaches("Succeeded");
  expect(status.conditions).toContainEqual(expect.objectContaining({ type: "CanaryFailed", status: "False" }));
  const bird = await batch.ends("bird/bad", "Ready");
  expect(bird.status.attempts).toMatchObject([{ outcome: "Failed" }, { outcome: "Reported" }]);
  await expectPatch(bird);
});

test.concurrent("the command in the message runs what failed again, and nothing else", async () => {
  const batch = await stage.batch("again").create(repositories("again", "good", "bad"));
  const { message } = await batch.condition("Complete", "True");
  const before = await batch.ends("again/good", "Ready");
  await author.does(edit("again", { prompt: "Mended." }));
  await author.does(commandIn(message));
  expect(await batch.reaches("Succeeded")).toMatchObject({ progress: "2/2", counts: { ready: 2, failed: 0 } });
  expect((await batch.ends("again/bad", "Ready")).status.attempts).toHaveLength(2);
  expect((await batch.ends("again/good", "Ready")).status.attempts).toEqual(before.status.attempts);
});

test.concurrent("the approve command of the message works for an approver, and for nobody else, and for no other patch", async () => {
  const batch = await stage.batch("agree").create(repositories("agree", "api"), { publish: { policy: "OnApproval" } });
  const waiting = await batch.ends("agree/api", "AwaitingApproval", "ApprovalNeeded");
  expect(await batch.reaches("AwaitingApproval")).toMatchObject({ counts: { awaitingApproval: 1 } });
  await expectPatch(waiting);
  const approve = commandIn(waiting.status.message);
  const refused = async (person: Person, text: string): Promise<string> => {
    const { exitCode, stderr } = await person.tries(text);
    expect(exitCode).toBe(1);
    return stderr;
  };
  expect(await refused(author, approve)).toContain(
    "approving needs the right to update changesets/approve (role codybatch-approver) and spec.approval.by = ada",
  );
  const { digest } = waiting.status.patch!;
  expect(await refused(approver, approve.replace(digest, `sha256:${"0".repeat(64)}`))).toContain(
    "must name the patch that is stored now: read it, then set spec.approval.patch to status.patch.digest",
  );
  await approver.does(approve);
  const approved = await batch.changeset("agree/api", "is approved", ({ status }) => status?.publishing?.approval !== undefined);
  expect(approved.spec.approval).toEqual({ patch: digest, by: "grace" });
  expect(approved.status.publishing?.approval).toMatchObject({ patch: digest, by: "grace" });
  expect(approved.status.conditions).toContainEqual(expect.objectContaining({ type: "Approved", status: "True" }));
});
