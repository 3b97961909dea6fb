import type { PublishOutcome, PullRequest } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import type { SpecInput } from "../testing/build.ts";
import { Host } from "../testing/host.ts";
import { dollars, Story } from "../testing/story.ts";

const repository = (name: string) => ({ url: `https://github.com/acme/${name}` });
const spec = (names: readonly string[], publish: SpecInput["publish"] = {}, more: SpecInput = {}): SpecInput => ({
  repositories: names.map(repository),
  publish: { policy: "OnApproval", ...publish },
  ...more,
});

/** A story whose host opens pull requests. */
class Publishing extends Story {
  readonly host = new Host(this.world);

  /** Somebody approves the patch that is stored for a repository. */
  approves(key: string, name: string, by = "rosa"): void {
    const { metadata, status } = this.world.changesetOf(key, name);
    this.happens(`${by} approves the patch of ${name}`, () =>
      this.world.editChangeset(metadata.name, { approval: { patch: status!.patch!.digest, by } }),
    );
  }

  withdraws(key: string, name: string): void {
    const { metadata, spec: before } = this.world.changesetOf(key, name);
    const { approval: _, ...rest } = before;
    this.happens(`the approval of ${name} is taken back`, () => {
      const changeset = this.world.changesets.get(metadata.name)!;
      this.world.changesets.set(metadata.name, { ...changeset, spec: rest });
    });
  }

  /** What the newest change Job of a repository reads. */
  input(key: string, name: string): unknown {
    const { metadata } = this.world.changesetOf(key, name);
    const newest = this.world.created.findLast((job) => job.startsWith(`${metadata.name}-`))!;
    return JSON.parse(this.world.jobs.get(newest)!.input);
  }

  /** The oldest publish Job ends. */
  publishes(what = "the publish Job has done its work", outcome?: PublishOutcome | "Lost"): void {
    this.happens(what, () => this.host.finish(this.host.waiting[0]!, outcome));
  }

  /** A patch of this repository is stored. */
  changes(key: string, name: string): void {
    this.finishes(key, name, { nanoUSD: dollars(0.2) });
  }

  /** A look finds the pull request so. */
  sees(key: string, name: string, what: string, found: Partial<PullRequest>): void {
    const { metadata } = this.world.changesetOf(key, name);
    this.happens(what, () => {
      const changeset = this.world.changesets.get(metadata.name)!;
      const pullRequest = { ...changeset.status!.pullRequest!, ...found };
      this.world.changesets.set(metadata.name, { ...changeset, status: { ...changeset.status, pullRequest } });
    });
  }

  status(key: string, name: string) {
    return this.world.changesetOf(key, name).status!;
  }
}

const refused = (reason: Extract<PublishOutcome, { kind: "Refused" }>["reason"], message: string): PublishOutcome => ({
  kind: "Refused",
  reason,
  message,
});

describe("publishing", () => {
  it("opens a pull request once somebody has approved exactly the stored patch", async () => {
    const story = new Publishing();
    const key = story.apply("node-24", spec(["a"]));
    story.changes(key, "acme/a");
    story.approves(key, "acme/a");
    story.publishes();
    story.later(900, "15 minutes have passed");
    await expect(story.text).toMatchFileSnapshot("../testdata/publish.log");
    const { publishing, pullRequest, patch } = story.status(key, "acme/a");
    expect(publishing).toMatchObject({ published: patch!.digest, approval: { patch: patch!.digest, by: "rosa" }, outcome: "Published" });
    expect(pullRequest).toMatchObject({ number: 1, state: "open", draft: false });
    expect(story.world.batches.get(key)?.status).toMatchObject({ phase: "Succeeded", pullRequests: 1, counts: { open: 1 } });
  });

  it("says in status what a person has to mend, and publishes once more when the approval is given again", async () => {
    const story = new Publishing();
    const key = story.apply("node-24", spec(["a"]));
    story.changes(key, "acme/a");
    story.approves(key, "acme/a");
    story.publishes("the branch is somebody else's", refused("BranchTaken", "The branch codybatch/node-24 holds commits of others."));
    expect(story.world.batches.get(key)?.status?.phase).toBe("Failed");
    story.later(86_400, "a day passes and nothing is tried");
    story.withdraws(key, "acme/a");
    story.approves(key, "acme/a");
    story.publishes();
    await expect(story.text).toMatchFileSnapshot("../testdata/publish-refused.log");
  });

  it("publishes once more also when nobody saw that the approval was away", () => {
    const story = new Publishing();
    const key = story.apply("node-24", spec(["a"]));
    story.changes(key, "acme/a");
    story.approves(key, "acme/a");
    story.publishes("refused", refused("PushRefused", "A rule of the repository."));
    const { metadata, spec: before } = story.world.changesetOf(key, "acme/a");
    story.happens("taken back and given again at once", () =>
      story.world.editChangeset(metadata.name, { approval: { ...before.approval! } }),
    );
    story.publishes();
    expect(story.status(key, "acme/a")).toMatchObject({ phase: "Open", publishing: { settled: 2 } });
  });

  it("opens pull requests at once under Automatic, waits for the host as long as it asks for, and goes on", async () => {
    const story = new Publishing({ publishPolicies: ["Automatic"] });
    const key = story.apply("node-24", spec(["a"], { policy: "Automatic", draft: true }));
    story.changes(key, "acme/a");
    const until = "2026-03-02T09:05:00.000Z";
    story.publishes("the host wants rest", { kind: "RateLimited", until, message: `github.com wants no request before ${until}.` });
    expect(story.status(key, "acme/a")).toMatchObject({ phase: "Publishing", reason: "WaitingForRateLimit" });
    story.later(269, "a second is missing");
    expect(story.host.waiting).toEqual([]);
    story.later(1, "the time has come");
    story.publishes("the host does not answer", { kind: "Unavailable", message: "github.com did not answer." });
    story.later(29, "almost 30 seconds have passed");
    expect(story.host.waiting).toEqual([]);
    story.later(1, "30 seconds have passed");
    story.happens("the Job publishes and dies before it can tell", () => story.host.lose(story.host.waiting[0]!));
    story.later(120, "the wait for its result is over");
    story.later(60, "a minute has passed");
    story.publishes();
    expect(story.status(key, "acme/a")).toMatchObject({ phase: "Open", pullRequest: { draft: true }, publishing: { settled: 4 } });
    expect(story.host.pulls).toHaveLength(1);
    await expect(story.text).toMatchFileSnapshot("../testdata/publish-again.log");
  });

  it("gives up after a day what only fails, and tells what to do", () => {
    const story = new Publishing();
    const key = story.apply("node-24", spec(["a"]));
    story.changes(key, "acme/a");
    story.approves(key, "acme/a");
    let jobs = 0;
    for (let minute = 0; minute < 2000 && story.status(key, "acme/a").phase === "Publishing"; minute += 1) {
      story.later(60, "a minute has passed");
      if (story.host.waiting.length === 0) continue;
      jobs += 1;
      story.publishes("refused", refused("PermissionMissing", "The token may not write."));
    }
    const { phase, reason, message } = story.status(key, "acme/a");
    expect([phase, reason]).toEqual(["Failed", "PermissionMissing"]);
    expect(message).toContain('"approval":null');
    expect(jobs).toBeGreaterThan(45);
    expect(jobs).toBeLessThan(60);
  });

  it("leaves a patch for download where the credential may not push", () => {
    const story = new Publishing();
    const key = story.apply("node-24", spec(["a", "b"]));
    for (const name of ["acme/a", "acme/b"]) {
      story.changes(key, name);
      story.approves(key, name);
      story.publishes("not ours", refused("NotOwned", "The credential may not push to it."));
    }
    const { phase, reason, message } = story.status(key, "acme/a");
    expect([phase, reason]).toEqual(["Ready", "NotOwned"]);
    expect(message).toContain("base64 -d | gunzip");
    expect(story.world.batches.get(key)?.status?.phase).toBe("Succeeded");
  });

  it("brings the new patch of a raised attempt into the same pull request, once that patch is approved too", async () => {
    const story = new Publishing();
    const key = story.apply("node-24", spec(["a"]));
    story.changes(key, "acme/a");
    story.approves(key, "acme/a");
    story.publishes();
    const { name } = story.world.changesetOf(key, "acme/a").metadata;
    story.happens("the user raises spec.attempt", () => story.world.editChangeset(name, { attempt: 1 }));
    story.changes(key, "acme/a");
    expect(story.status(key, "acme/a")).toMatchObject({ phase: "AwaitingApproval", pullRequest: { number: 1, state: "open" } });
    expect(story.status(key, "acme/a").message).toContain("/acme/a/pull/1 brings an earlier patch.");
    story.approves(key, "acme/a", "ann");
    const input = story.host.waiting[0]!.input;
    expect(input).toMatchObject({ known: { number: 1, headSHA: story.status(key, "acme/a").publishing!.commit } });
    story.publishes();
    expect(story.host.pulls).toMatchObject([{ number: 1, pushed: [expect.anything(), story.status(key, "acme/a").patch!.digest] }]);
    await expect(story.text).toMatchFileSnapshot("../testdata/publish-attempt.log");
  });

  it("starts nothing while suspended, and after a cancel only closes what is open, when that is asked for", async () => {
    const story = new Publishing();
    const key = story.apply("node-24", spec(["a", "b"], { closeOnCancel: true }));
    for (const name of ["acme/a", "acme/b"]) story.changes(key, name);
    story.approves(key, "acme/a");
    story.publishes();
    story.happens("the user sets spec.suspend", () => story.world.edit(key, { suspend: true }));
    story.approves(key, "acme/b");
    expect(story.status(key, "acme/b")).toMatchObject({ phase: "Publishing", reason: "Suspended" });
    expect(story.host.waiting).toEqual([]);
    story.happens("the user cancels", () => story.world.edit(key, { cancel: true }));
    story.publishes("the pull request is closed");
    expect(story.host.pulls).toMatchObject([{ repository: "acme/a", state: "closed" }]);
    expect(story.status(key, "acme/a").phase).toBe("Closed");
    expect(story.status(key, "acme/b").phase).toBe("Cancelled");
    await expect(story.text).toMatchFileSnapshot("../testdata/publish-cancelled.log");
  });

  it("waits for its turn at the credential's pace, and says when that is with one write", () => {
    const story = new Publishing({ publishPolicies: ["Automatic"] });
    const names = Array.from({ length: 7 }, (_, index) => `r${index}`);
    const key = story.apply("node-24", spec(names, { policy: "Automatic" }, { parallelism: 7 }));
    story.happens("all report a change", () => {
      for (const name of names) story.kubelet.finish(story.pod(key, `acme/${name}`));
    });
    expect(story.host.waiting).toHaveLength(1);
    const told = names.slice(1).map((name) => story.status(key, `acme/${name}`));
    expect(new Set(told.map(({ reason }) => reason))).toEqual(new Set(["WaitingForRateLimit"]));
    const turns = ["09:00:32", "09:00:44", "09:00:56", "09:01:08", "09:01:20", "09:01:32"];
    expect(told.map(({ message }) => /turn is at about 2026-03-02T(.*)\.000Z/.exec(message ?? "")?.[1])).toEqual(turns);
    story.later(11, "a second is missing");
    expect(story.host.waiting).toHaveLength(1);
    story.later(1, "12 seconds have passed since the first");
    expect(story.host.waiting).toHaveLength(2);
    for (let started = 3; started <= 7; started += 1) {
      expect(story.status(key, "acme/r6").message).toBe(told.at(-1)?.message);
      story.later(12, "12 seconds have passed since the one before");
      expect(story.host.waiting).toHaveLength(started);
    }
  });

  it("answers failed checks with attempts that go on from the published patch, as often as the user allows and with an approval each", async () => {
    const story = new Publishing();
    const key = story.apply("node-24", spec(["a"], { onCIFailure: { maxAttempts: 2 } }, { budget: { maxCostUSD: 9 } }));
    const checksFail = (): void => story.sees(key, "acme/a", "the checks of the pull request fail", { checks: "failing" });
    story.changes(key, "acme/a");
    story.approves(key, "acme/a");
    story.publishes();
    for (let row = 1; row <= 2; row += 1) {
      const { published, commit } = story.status(key, "acme/a").publishing!;
      checksFail();
      expect(story.status(key, "acme/a").publishing?.mending).toMatchObject({ attempts: row, row, pullRequest: 1, headSHA: commit });
      const input = story.input(key, "acme/a");
      expect(input).toMatchObject({ attempt: row, ciFailure: { pullRequest: 1, headSHA: commit }, resume: { digest: published } });
      story.changes(key, "acme/a");
      expect(story.status(key, "acme/a").phase).toBe("AwaitingApproval");
      story.approves(key, "acme/a");
      story.publishes();
      expect(story.status(key, "acme/a").phase).toBe("Open");
    }
    checksFail();
    expect(story.status(key, "acme/a")).toMatchObject({ phase: "Open", publishing: { mending: { attempts: 2, row: 2 } } });
    expect(story.status(key, "acme/a").message).toContain(
      "2 attempts in a row were to mend its checks, as many as spec.publish.onCIFailure.maxAttempts allows, and they still fail. Mend them there, or run it again: kubectl",
    );
    const { name } = story.world.changesetOf(key, "acme/a").metadata;
    story.happens("the user raises spec.attempt", () => story.world.editChangeset(name, { attempt: 1 }));
    expect(story.input(key, "acme/a")).toMatchObject({ attempt: 3 });
    expect(story.input(key, "acme/a")).not.toHaveProperty("ciFailure");
    await expect(story.text).toMatchFileSnapshot("../testdata/publish-failed-checks.log");
  });

  it("leaves failed checks alone where a person has committed, and where nobody asked for an answer", () => {
    for (const [more, publish] of [
      [{ humanCommits: true }, { onCIFailure: { maxAttempts: 1 } }],
      [{ headSHA: "f".repeat(40) }, { onCIFailure: { maxAttempts: 1 } }],
      [{}, {}],
    ] as const) {
      const story = new Publishing();
      const key = story.apply("node-24", spec(["a"], publish));
      story.changes(key, "acme/a");
      story.approves(key, "acme/a");
      story.publishes();
      story.sees(key, "acme/a", "checks fail", { checks: "failing", ...more });
      expect(story.status(key, "acme/a")).toMatchObject({ phase: "Open" });
    }
  });

  describe("takes the word of the pull request that is merged or closed before its checks are mended", () => {
    const opened = (policy: "OnApproval" | "Automatic", more: SpecInput = {}): { readonly story: Publishing; readonly key: string } => {
      const story = new Publishing({ publishPolicies: ["OnApproval", "Automatic"] });
      const key = story.apply("node-24", spec(["a"], { policy, onCIFailure: { maxAttempts: 2 } }, more));
      story.changes(key, "acme/a");
      if (policy === "OnApproval") story.approves(key, "acme/a");
      story.publishes();
      story.sees(key, "acme/a", "the checks fail", { checks: "failing" });
      return { story, key };
    };
    const mergedAt = "2026-03-02T10:00:00.000Z";

    it("while the patch waits for its approval", () => {
      const { story, key } = opened("OnApproval");
      story.changes(key, "acme/a");
      expect(story.status(key, "acme/a").phase).toBe("AwaitingApproval");
      story.sees(key, "acme/a", "a person merges it as it is", { state: "merged", mergedAt });
      expect(story.status(key, "acme/a")).toMatchObject({ phase: "Merged", pullRequest: { number: 1 } });
      expect(story.world.batches.get(key)?.status).toMatchObject({ phase: "Succeeded", counts: { merged: 1 } });
      story.approves(key, "acme/a");
      expect(story.host.waiting).toEqual([]);
    });

    it("while the attempt runs, whose patch is not published any more", () => {
      const { story, key } = opened("Automatic");
      story.starts(key, "acme/a");
      story.sees(key, "acme/a", "a person merges it as it is", { state: "merged", mergedAt });
      story.changes(key, "acme/a");
      expect(story.host.waiting).toEqual([]);
      expect(story.status(key, "acme/a")).toMatchObject({ phase: "Merged", publishing: { settled: 1 } });
    });

    it("unless the patch was on its way already, which then has a pull request of its own", () => {
      const { story, key } = opened("Automatic");
      story.changes(key, "acme/a");
      story.host.pulls[0]!.state = "merged";
      story.sees(key, "acme/a", "a person merges it as it is", { state: "merged", mergedAt });
      story.publishes();
      expect(story.host.waiting).toEqual([]);
      const { patch, ...status } = story.status(key, "acme/a");
      expect(status).toMatchObject({ phase: "Open", pullRequest: { number: 2 }, publishing: { settled: 2, published: patch!.digest } });
    });

    it("after an attempt that failed", () => {
      const { story, key } = opened("OnApproval");
      story.finishes(key, "acme/a", { reason: "Stuck" });
      expect(story.status(key, "acme/a").phase).toBe("Failed");
      story.sees(key, "acme/a", "a person closes it", { state: "closed" });
      expect(story.status(key, "acme/a").phase).toBe("Closed");
    });

    it("before the attempt starts, which then costs nothing", () => {
      const { story, key } = opened("OnApproval", { budget: { maxCostUSD: 2 } });
      expect(story.status(key, "acme/a")).toMatchObject({ phase: "Pending", reason: "WaitingForBudget" });
      story.sees(key, "acme/a", "a person merges it as it is", { state: "merged", mergedAt });
      story.happens("the user raises the budget", () => story.world.edit(key, { budget: { maxCostUSD: 9 } }));
      expect(story.status(key, "acme/a")).toMatchObject({ phase: "Merged", attempts: [{ attempt: 0 }] });
    });
  });
});
