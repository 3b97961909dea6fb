import { nanoUSD, patchDigest } from "@codybatch/crds";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Batch } from "../story/batch.ts";
import { changes, reads, reports, scenario } from "../story/model.ts";
import { served, totalOf } from "../story/served.ts";
import { transcriptOf, turnsOf } from "../story/stored.ts";
import { Person } from "./person.ts";
import { Stage } from "./stage.ts";

const names = ["acme/changed", "acme/fine", "acme/stuck"] as const;
let stage: Stage;
let user: Person;
let batch: Batch;
beforeAll(async () => {
  stage = await Stage.open({
    name: "outcomes",
    scenarios: [
      scenario("stuck", { repository: "*/stuck" }, reads("a.txt"), { say: "I give up." }),
      scenario("fine", { repository: "*/fine" }, reads("a.txt"), reports(false, "Nothing to do")),
      scenario("changed", {}, ...changes("NEW.md")),
    ],
  });
  user = new Person(stage);
  batch = await stage.batch("trio").create(
    names.map((name) => stage.repository(name)),
    { agent: { model: "claude-opus-5-5" } },
  );
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

test("three repositories served over HTTP end as Ready, NoChange and Failed where only restricted pods may run", async () => {
  const status = await batch.reaches("PartiallySucceeded");
  expect(status).toMatchObject({ progress: "3/3", counts: { ready: 1, noChange: 1, failed: 1 } });
  expect(status.repositories?.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
    "acme/changed PatchReady",
    "acme/fine NoChangeNecessary",
    "acme/stuck NotReported",
  ]);
  const label = "{.metadata.labels.pod-security\\.kubernetes\\.io/enforce}";
  expect(await user.does(`kubectl get namespace ${stage.namespace} -o jsonpath='${label}'`)).toBe("restricted");
});

test("a repository read without encryption is a warning, as condition and as Event", async () => {
  const { message } = await batch.condition("PlainHTTP", "True");
  expect(message).toMatch(/^http:\/\/\S+\/acme\/changed is read over http, without encryption\.$/);
  expect(await batch.events("PlainHTTPUsed")).toContainEqual({ type: "Warning", reason: "PlainHTTPUsed", note: message });
});

test("the command in status.message reads the patch, which makes a fresh clone the recorded tree", async () => {
  const ready = await batch.ends("acme/changed", "Ready");
  const { patch, message } = ready.status;
  const [, read] = /Read it: (kubectl .*)$/.exec(message ?? "") ?? [];
  await user.does(`git clone --quiet ${ready.spec.repository.url} fresh; ${read} > fresh.patch`);
  expect(await user.does("git -C fresh apply --index ../fresh.patch; git -C fresh write-tree")).toBe(`${patch?.tree}\n`);
  expect(await user.does("git -C fresh rev-parse HEAD")).toBe(`${patch?.baseCommit}\n`);
  expect(patchDigest(patch!.baseCommit, Buffer.from(await user.does("cat fresh.patch")))).toBe(patch?.digest);
  expect(await user.does("git -C fresh show :NEW.md")).toBe("new\n");
});

test("each transcript is whole, and usage is the sum of its turns, which is what was served", async () => {
  const changesets = await batch.changesets();
  for (const changeset of changesets) {
    const events = await transcriptOf(stage, changeset);
    expect([events[0]?.kind, events.at(-1)?.kind]).toEqual(["started", "ended"]);
    const answers = served({ gates: stage }, [changeset.spec.repository.name]);
    const total = totalOf(answers);
    expect(await turnsOf(stage, changeset)).toMatchObject({ ...total.tokens, turns: answers.length, nanoUSD: total.nanoUSD });
    expect(changeset.status).toMatchObject({ usage: total.shown, chargedNanoUSD: total.nanoUSD });
  }
  const { usage } = await batch.reaches("PartiallySucceeded");
  expect(usage).toEqual(totalOf(served({ gates: stage }, names)).shown);
  expect(nanoUSD(usage!.costUSD!)).toBe(changesets.reduce((sum, { status }) => sum + nanoUSD(status!.usage!.costUSD!), 0));
});
