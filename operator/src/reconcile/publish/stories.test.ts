import type { PublishOutcome } from "@codybatch/crds";
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

  /** The oldest publish Job ends. */
  publishes(what = "the publish Job has done its work", outcome?: PublishOutcome | "Lost"): void {
    this.happens(what, () => this.host.finish(this.host.waiting[0]!, outcome));
  }

  /** A patch of this repository is stored. */
  changes(key: string, name: string): void {
    this.finishes(key, name, { nanoUSD: dollars(0.2) });
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
});
