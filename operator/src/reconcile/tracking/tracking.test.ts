import type { Followed, TrackInput, TrackResult } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { nextLook } from "../next-look.ts";
import { viewOf } from "../plan.ts";
import { randomOf } from "../testing/random.ts";
import { dollars, Story } from "../testing/story.ts";
import type { WorldTask } from "../testing/tasks.ts";

const head = "a".repeat(40);
type Seen = Partial<Extract<Followed, { kind: "Seen" }>>;
type Told = Seen | ((repository: string) => Seen) | Followed["kind"];

/** A batch whose Changesets each have an open pull request, opened just now. */
class Opened {
  readonly story = new Story({ repositoryPatterns: ["https://**"] });
  readonly key: string;

  constructor(names: readonly string[], spec: object = {}) {
    this.key = this.story.apply("node-24", { repositories: names.map((url) => ({ url })), ...spec });
    for (const url of names) this.story.finishes(this.key, new URL(url).pathname.slice(1), { nanoUSD: dollars(0.5) });
    for (const url of names) this.#open(url);
    this.story.later(1, "the operator looks");
  }

  #open(url: string): void {
    const { world } = this.story;
    const changeset = world.changesetOf(this.key, new URL(url).pathname.slice(1));
    const pullRequest = { url: `${url}/pull/1`, number: 1, state: "open", headSHA: head, createdAt: world.now.toISOString() };
    world.changesets.set(changeset.metadata.name, { ...changeset, status: { ...changeset.status, pullRequest } });
  }

  get looks(): readonly WorldTask[] {
    return this.story.world.tasks.of(this.key).filter(({ result, pod }) => result === undefined && !pod.ended);
  }

  pods(index = 0): TrackInput {
    return this.looks[index]!.input as TrackInput;
  }

  /** The running look sees every pull request so. */
  see(told: Told, result: Partial<TrackResult> = {}, index = 0): void {
    const { world } = this.story;
    const look = this.looks[index]!;
    const pullRequests = (look.input as TrackInput).pullRequests.map(({ changeset, repository, number }): Followed => {
      if (told === "Gone") return { changeset, kind: "Gone", what: "repository" };
      if (told === "Refused") return { changeset, kind: "Refused", message: "No right to pull requests." };
      if (typeof told === "string") return { changeset, kind: "Unseen" };
      const url = `https://github.com/${repository}/pull/${number}`;
      const createdAt = world.changesets.get(changeset)!.status!.pullRequest!.createdAt!;
      return { ...untouched, changeset, kind: "Seen", url, number, createdAt, ...(typeof told === "function" ? told(repository) : told) };
    });
    this.story.happens("the look ends", () => {
      world.tasks.finish(look, { ...resultAt(world.now), pullRequests, ...result }, world.now);
    });
  }

  status(name = "acme/a") {
    return this.story.world.changesetOf(this.key, name).status!;
  }

  get batch() {
    return this.story.world.batches.get(this.key)!.status!;
  }

  get wakes(): Date | undefined {
    return nextLook(viewOf(this.story.world.observe(this.key)));
  }
}

const untouched = {
  state: "open",
  draft: false,
  checks: "passing",
  review: "none",
  mergeable: "mergeable",
  headSHA: head,
  humanCommits: false,
} as const;
const github = (...names: string[]): string[] => names.map((name) => `https://github.com/acme/${name}`);

describe("following pull requests", () => {
  it("asks one Job for all of a host, with the commit that was published last", () => {
    const opened = new Opened([...github("a", "b"), "https://ghe.example/acme/c"]);
    expect(opened.looks.map(({ job }) => job.name)).toEqual(["node-24-track-1", "node-24-track-2"]);
    expect(opened.pods(0)).toMatchObject({
      githubURL: "https://github.com",
      batchChange: { name: "node-24" },
      pullRequests: [
        { repository: "acme/a", number: 1, publishedSHA: head },
        { repository: "acme/b", number: 1, publishedSHA: head },
      ],
    });
    expect(opened.pods(1)).toMatchObject({ githubURL: "https://ghe.example", pullRequests: [{ repository: "acme/c" }] });
  });

  it("tells what it sees, and counts the end of a look only when the Jobs of all hosts have ended", () => {
    const opened = new Opened([...github("a"), "https://ghe.example/acme/c"]);
    opened.see({ checks: "failing" });
    expect(opened.status().pullRequest).toMatchObject({ checks: "failing", review: "none" });
    expect(opened.batch.tracking).toBeUndefined();
    opened.see({});
    expect(opened.batch.tracking).toMatchObject({ settled: 2 });
    expect(opened.looks).toEqual([]);
  });

  it("ends with the merge of the last one", () => {
    const opened = new Opened(github("a", "b"));
    expect(opened.batch).toMatchObject({ pullRequests: 2, counts: { open: 2 }, phase: "Succeeded" });
    const mergedAt = opened.story.world.now.toISOString();
    opened.see({ state: "merged", mergedAt, closedAt: mergedAt });
    expect(opened.status()).toMatchObject({ phase: "Merged", reason: "PullRequestMerged", pullRequest: { state: "merged", mergedAt } });
    expect(opened.batch).toMatchObject({ counts: { merged: 2, open: 0 }, pullRequests: 2 });
    opened.story.later(3600, "an hour passes");
    expect(opened.looks).toEqual([]);
    expect(opened.wakes?.toISOString()).toBe(new Date(Date.parse(opened.batch.finishedAt!) + 14 * 86_400_000).toISOString());
  });

  it("names one that is gone", () => {
    const opened = new Opened(github("a"));
    opened.see("Gone");
    expect(opened.status()).toMatchObject({
      phase: "Closed",
      reason: "PullRequestGone",
      pullRequest: { state: "closed", gone: "repository" },
    });
    expect(opened.batch).toMatchObject({ counts: { closed: 1 } });
  });

  it("looks also at a closed one while another is open, and finds it opened again", () => {
    const opened = new Opened(github("a", "b"));
    opened.see((repository) => (repository === "acme/a" ? { state: "closed", closedAt: "2026-03-02T09:00:00Z" } : {}));
    expect(opened.status()).toMatchObject({ phase: "Closed", reason: "PullRequestClosed" });
    expect(opened.batch).toMatchObject({ counts: { closed: 1, open: 1 } });
    opened.story.later(300, "5 minutes pass");
    opened.see({});
    expect(opened.status()).toMatchObject({ phase: "Open", reason: "PullRequestOpen" });
    expect(opened.status().pullRequest).not.toHaveProperty("closedAt");
  });

  it.each([
    [
      "the host wants rest until then",
      { kind: "RateLimited", until: "2026-03-02T10:30:00.000Z", message: "Wait." },
      "RateLimited",
      "10:30:00",
    ],
    ["the host does not answer", { kind: "Unavailable", message: "503." }, "HostUnavailable", "09:05:31"],
    ["the token is wrong", { kind: "Refused", reason: "CredentialRejected", message: "Renew it." }, "CredentialRejected", "09:05:31"],
  ] as const)("looks again at the right time when %s", (_what, outcome, reason, at) => {
    const opened = new Opened(github("a"));
    const before = opened.status();
    opened.see("Unseen", { outcome });
    expect(opened.status()).toEqual(before);
    expect(opened.batch.tracking).toMatchObject({ reason, message: outcome.message });
    const alarm = opened.batch.conditions?.find(({ type }) => type === "TrackingFailed");
    expect(alarm?.status).toBe(outcome.kind === "Refused" ? "True" : undefined);
    opened.story.world.now = new Date(`2026-03-02T${at}Z`);
    opened.story.later(-1, "just before");
    expect(opened.looks).toHaveLength(0);
    opened.story.later(1, "then");
    expect(opened.looks).toHaveLength(1);
  });

  it("says that the credential may not see a pull request", () => {
    const opened = new Opened(github("a"));
    opened.see("Refused");
    expect(opened.batch.conditions).toContainEqual(
      expect.objectContaining({ type: "TrackingFailed", status: "True", reason: "PermissionMissing" }),
    );
    opened.story.later(300, "5 minutes pass");
    opened.see({});
    expect(opened.batch.conditions).toContainEqual(expect.objectContaining({ type: "TrackingFailed", status: "False" }));
  });

  it("gives up a Job that never ends, deletes it and looks again", () => {
    const opened = new Opened(github("a"));
    opened.story.later(600 + 900 + 599, "nothing is heard");
    expect(opened.looks.map(({ job }) => job.number)).toEqual([1]);
    opened.story.later(1, "it is overdue");
    expect(opened.batch.tracking).toMatchObject({ settled: 1, reason: "JobLost" });
    expect(opened.looks).toEqual([]);
    opened.story.later(300, "5 minutes pass");
    expect(opened.looks.map(({ job }) => job.number)).toEqual([2]);
  });

  it.each([{ suspend: true }, { cancel: true }])("goes on with %o", (edit) => {
    const opened = new Opened(github("a"));
    opened.see({});
    opened.story.world.edit(opened.key, edit);
    opened.story.later(300, "5 minutes pass");
    expect(opened.looks).toHaveLength(1);
  });

  it("writes nothing to a Changeset of which it sees nothing new", () => {
    const opened = new Opened(github("a", "b"));
    opened.see({});
    const before = opened.status();
    opened.story.later(300, "5 minutes pass");
    opened.see({});
    expect(opened.status()).toBe(before);
  });

  it.each([
    ["has ended after it began", 30, 20, "Closed"],
    ["still runs", undefined, 20, "Closed"],
    ["had ended before", 10, 20, "Open"],
  ] as const)("says nothing of a pull request of which a publish Job that %s knows more", (_what, finished, started, phase) => {
    const opened = new Opened(github("a"));
    const { world } = opened.story;
    const [look] = opened.looks;
    const changeset = world.changesetOf(opened.key, "acme/a");
    const pullRequest = { ...changeset.status!.pullRequest!, state: "closed" };
    world.changesets.set(changeset.metadata.name, { ...changeset, status: { ...changeset.status, pullRequest } });
    const moment = (seconds: number): string => new Date(world.now.getTime() + seconds * 1000).toISOString();
    const own = { name: "p", uid: "p", task: "publish", changeset: changeset.metadata.name, owner: changeset.metadata.uid } as const;
    const publish = { ...look!.job, ...own, ...(finished !== undefined && { finishedAt: moment(finished) }) };
    const seen = {
      ...untouched,
      kind: "Seen",
      changeset: changeset.metadata.name,
      url: pullRequest.url,
      number: 1,
      createdAt: moment(0),
    } as const;
    world.tasks.finish(look!, { ...resultAt(world.now), startedAt: moment(started), pullRequests: [seen] }, world.now);
    const observed = world.observe(opened.key);
    const view = viewOf({ ...observed, tasks: { ...observed.tasks, jobs: [...observed.tasks.jobs, publish] } });
    expect(view.works.map((work) => work.pullRequest?.state)).toEqual([phase === "Open" ? "open" : "closed"]);
  });

  it("keeps the newest Job for a quarter of an hour, and of records the newest alone", () => {
    const opened = new Opened(github("a"));
    const { world } = opened.story;
    for (let look = 0; look < 4; look += 1) {
      opened.see({});
      opened.story.later(300, "5 minutes pass");
    }
    expect(world.tasks.of(opened.key).map(({ job }) => job.number)).toEqual([5]);
    expect(world.tasks.recordsOf(opened.key).map(({ name }) => name)).toEqual(["node-24-track-4-p3-result"]);
  });

  it("deletes the batch so long after the last merge as the user says", () => {
    const opened = new Opened(github("a"), { ttlSecondsAfterFinished: 600 });
    opened.story.later(1800, "half an hour passes");
    const mergedAt = opened.story.world.now.toISOString();
    opened.see({ state: "merged", mergedAt, closedAt: mergedAt });
    expect(opened.wakes?.toISOString()).toBe(new Date(Date.parse(mergedAt) + 600_000).toISOString());
    opened.story.later(590, "10 minutes after the merge");
    expect(opened.story.world.batches.size).toBe(0);
  });

  it("is told as it goes", async () => {
    const opened = new Opened(github("a", "b", "c"));
    opened.see((repository) => (repository === "acme/c" ? { checks: "failing" } : { review: "approved" }));
    opened.story.later(300, "5 minutes pass");
    const at = opened.story.world.now.toISOString();
    opened.see((repository) => (repository === "acme/a" ? { state: "merged", mergedAt: at, closedAt: at } : {}));
    opened.story.later(300, "5 minutes pass");
    opened.see("Unseen", {
      outcome: { kind: "RateLimited", until: "2026-03-02T10:00:00.000Z", message: "github.com asks to wait until 10:00." },
    });
    opened.story.world.now = new Date("2026-03-02T10:00:00Z");
    opened.story.later(0, "the time comes");
    opened.see((repository) => (repository === "acme/b" ? { state: "closed", closedAt: at } : {}));
    opened.story.later(300, "5 minutes pass");
    opened.see("Gone");
    opened.story.later(86_400, "a day passes");
    await expect(opened.story.text).toMatchFileSnapshot("../testdata/tracking.log");
  });

  it.each([1, 2, 3, 4])("counts in status what the Changesets say, whatever looks see, seed %i", (seed) => {
    const random = randomOf(seed);
    const opened = new Opened(github("a", "b", "c", "d"));
    const states = ["open", "open", "closed", "merged"] as const;
    for (let look = 0; look < 25; look += 1) {
      if (opened.looks.length > 0) {
        const odd = random.percent(20) ? random.pick(["Gone", "Refused", "Unseen"] as const) : undefined;
        opened.see(odd ?? (() => ({ state: random.pick(states)!, humanCommits: random.percent(30) })));
      }
      const phases = opened.story.world.changesetsOf(opened.key).map(({ status }) => status?.phase);
      const counted = (phase: string): number => phases.filter((one) => one === phase).length;
      const { counts, pullRequests, repositories } = opened.batch;
      expect(counts).toMatchObject({ open: counted("Open"), merged: counted("Merged"), closed: counted("Closed") });
      expect([pullRequests, repositories?.map(({ phase }) => phase)]).toEqual([4, phases]);
      opened.story.later(300, "5 minutes pass");
    }
  });

  it("looks 524 times in the month that a pull request is left alone, and then sleeps", () => {
    const opened = new Opened(github("a"), { resultStorage: { retain: "90d" } });
    const { world } = opened.story;
    for (let step = 0; step < 3000; step += 1) {
      if (opened.looks.length > 0) {
        opened.story.later(0, "the look ends", () => endAtOnce(opened));
        continue;
      }
      const at = opened.wakes;
      if (at === undefined || at.getTime() - world.now.getTime() > 7 * 86_400_000) break;
      opened.story.later((at.getTime() - world.now.getTime()) / 1000, "time passes");
    }
    expect(world.tasks.all).toHaveLength(288 + 144 + 92);
    expect(world.tasks.recordsOf(opened.key)).toHaveLength(1);
    expect(opened.status()).toMatchObject({ phase: "Open" });
  });
});

function endAtOnce({ story: { world }, looks }: Opened): void {
  world.tasks.finish(looks[0]!, resultAt(world.now), world.now);
}

function resultAt(now: Date): TrackResult {
  const at = now.toISOString();
  return { version: 1, task: "track", outcome: { kind: "Tracked" }, pullRequests: [], requests: 1, startedAt: at, finishedAt: at };
}
