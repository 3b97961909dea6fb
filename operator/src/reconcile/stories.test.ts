import { describe, expect, it } from "vitest";
import { dollars, Story } from "./testing/story.ts";

const repository = (name: string) => ({ url: `https://github.com/acme/${name}` });
const spec = (names: readonly string[], more = {}) => ({ repositories: names.map(repository), ...more });

/** Stories of whole runs. The files in testdata are their text, and read as documentation of what the operator does when. */
describe("the operator", () => {
  it("goes on when one repository fails, and runs it again when the user asks", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["api", "web", "docs"], { parallelism: 2 }));
    story.starts(key, "acme/api");
    story.starts(key, "acme/web");
    story.finishes(key, "acme/api", { nanoUSD: dollars(0.4) });
    story.finishes(key, "acme/web", { reason: "NotReported", nanoUSD: dollars(0.9), message: "The model stopped without a report." });
    story.finishes(key, "acme/docs", { change: false, nanoUSD: dollars(0.1) });
    story.happens("the user raises spec.retryFailed to 1", () => story.world.edit(key, { retryFailed: 1 }));
    story.finishes(key, "acme/web", { nanoUSD: dollars(0.5) });
    await expect(story.text).toMatchFileSnapshot("./testdata/one-repository-fails.log");
  });

  it("keeps what was done when the user cancels", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["api", "web", "docs"], { parallelism: 2 }));
    story.finishes(key, "acme/api", { nanoUSD: dollars(0.4) });
    story.starts(key, "acme/web");
    story.happens("the agent of acme/web has written half of its change", () =>
      story.kubelet.work(story.pod(key, "acme/web"), dollars(0.3)),
    );
    story.happens("the user sets spec.cancel", () => story.world.edit(key, { cancel: true }));
    for (const name of ["acme/web", "acme/docs"]) {
      story.happens(`the pod of ${name} has stored what it had and is gone`, () => story.kubelet.obeySuspend(story.job(key, name)));
    }
    story.later(120, "the wait for records of acme/docs is over");
    await expect(story.text).toMatchFileSnapshot("./testdata/cancel.log");
  });

  it("lets a canary go first", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["a", "b", "c", "d"], { rollout: { canary: 1 } }));
    story.finishes(key, "acme/a", { change: false, nanoUSD: dollars(0.1) });
    story.finishes(key, "acme/b", { reason: "Stuck", nanoUSD: dollars(0.8), message: "The model repeated itself." });
    story.happens("the user mends the prompt and raises spec.retryFailed", () =>
      story.world.edit(key, { prompt: "Move to Node 24, and only that.", retryFailed: 1 }),
    );
    story.finishes(key, "acme/b", { nanoUSD: dollars(0.3) });
    story.finishes(key, "acme/c", { nanoUSD: dollars(0.3) });
    story.finishes(key, "acme/d", { nanoUSD: dollars(0.3) });
    await expect(story.text).toMatchFileSnapshot("./testdata/canary.log");
  });

  it("stops before the budget is passed, and goes on when it is raised", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["a", "b", "c"], { budget: { maxCostUSD: "4.50" } }));
    story.finishes(key, "acme/a", { nanoUSD: dollars(1.5) });
    story.finishes(key, "acme/b", { nanoUSD: dollars(1.75) });
    story.happens("the user raises spec.budget.maxCostUSD to 6", () => story.world.edit(key, { budget: { maxCostUSD: 6 } }));
    story.finishes(key, "acme/c", { nanoUSD: dollars(1) });
    await expect(story.text).toMatchFileSnapshot("./testdata/budget-runs-out.log");
  });

  it("starts again from the stored patch when pods are lost", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["api"], { budget: { maxCostUSD: 10 } }));
    story.starts(key, "acme/api");
    story.happens("the agent has spent $0.60", () => story.kubelet.work(story.pod(key, "acme/api"), dollars(0.6)));
    story.happens("the node is drained", () => story.kubelet.interrupt(story.pod(key, "acme/api"), "EvictionByEvictionAPI"));
    story.later(10, "the pause before the next try is over");
    story.starts(key, "acme/api");
    story.happens("the agent has spent $0.20", () => story.kubelet.work(story.pod(key, "acme/api"), dollars(0.2)));
    story.happens("the node falls silent", () => story.kubelet.loseNode(story.pod(key, "acme/api")));
    story.later(419, "nothing is heard of the node");
    story.later(1, "the pod's grace and 5 minutes are over");
    story.later(20, "the pause before the next try is over");
    story.finishes(key, "acme/api", { nanoUSD: dollars(0.3) });
    await expect(story.text).toMatchFileSnapshot("./testdata/pod-lost.log");
  });

  it("says that a fault left no money for a further try", () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["api"]));
    story.starts(key, "acme/api");
    story.happens("the agent has spent all", () => story.kubelet.work(story.pod(key, "acme/api"), dollars(2)));
    story.happens("the node is drained", () => story.kubelet.interrupt(story.pod(key, "acme/api"), "EvictionByEvictionAPI"));
    expect(story.world.changesetOf(key, "acme/api").status).toMatchObject({ phase: "Failed", reason: "Evicted" });
    expect(story.world.changesetOf(key, "acme/api").status?.message).toMatch(
      /^The node evicted the pod\. The attempt's money is used up, so no further try follows: raise spec\.agent\.maxCostUSD\. The patch so far is kept in status\.patch\. Run it again: kubectl /,
    );
  });

  it("shows a lost result and never runs it again by itself", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["api"]));
    story.starts(key, "acme/api");
    story.happens("the pod vanishes and has stored nothing", () => story.kubelet.vanish(story.pod(key, "acme/api")));
    story.later(120, "the wait for records is over");
    const { name } = story.world.changesetOf(key, "acme/api").metadata;
    story.happens("the user raises spec.attempt", () => story.world.editChangeset(name, { attempt: 1 }));
    story.finishes(key, "acme/api", { nanoUSD: dollars(0.3) });
    await expect(story.text).toMatchFileSnapshot("./testdata/result-lost.log");
  });

  it("starts nothing while suspended", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["a", "b"], { parallelism: 1 }));
    story.starts(key, "acme/a");
    story.happens("the user sets spec.suspend", () => story.world.edit(key, { suspend: true }));
    story.finishes(key, "acme/a", { nanoUSD: dollars(0.2) });
    story.happens("the user takes spec.suspend back", () => story.world.edit(key, { suspend: false }));
    story.finishes(key, "acme/b", { nanoUSD: dollars(0.2) });
    await expect(story.text).toMatchFileSnapshot("./testdata/suspended.log");
  });

  it("holds an edited prompt for attempts that start afterwards", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["a", "b"], { parallelism: 1 }));
    story.finishes(key, "acme/a", { nanoUSD: dollars(0.2) });
    story.starts(key, "acme/b");
    story.happens("the user edits spec.prompt", () => story.world.edit(key, { prompt: "Move to Node 24 and drop Node 20." }));
    story.finishes(key, "acme/b", { nanoUSD: dollars(0.2) });
    const { name } = story.world.changesetOf(key, "acme/a").metadata;
    story.happens("the user raises spec.attempt of acme/a", () => story.world.editChangeset(name, { attempt: 1 }));
    story.finishes(key, "acme/a", { nanoUSD: dollars(0.2) });
    await expect(story.text).toMatchFileSnapshot("./testdata/edited-prompt.log");
  });

  it("keeps results of a repository that is taken out, and does not run it again when it comes back", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["a", "b"]));
    story.starts(key, "acme/a");
    story.finishes(key, "acme/b", { nanoUSD: dollars(0.2) });
    story.happens("the user takes both out and names c", () => story.world.edit(key, spec(["c"])));
    story.happens("the pod of acme/a is gone", () => story.kubelet.obeySuspend(story.job(key, "acme/a")));
    story.finishes(key, "acme/c", { nanoUSD: dollars(0.2) });
    story.happens("the user adds a and b again, and b a second time in another spelling", () =>
      story.world.edit(key, { repositories: [...["a", "b", "c"].map(repository), { url: "https://GitHub.com/acme/b.git" }] }),
    );
    await expect(story.text).toMatchFileSnapshot("./testdata/repositories-edited.log");
  });

  it("waits for an approval of exactly the stored patch", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["a"], { publish: { policy: "OnApproval" } }));
    story.finishes(key, "acme/a", { nanoUSD: dollars(0.2) });
    const { metadata, status } = story.world.changesetOf(key, "acme/a");
    const approval = { patch: status!.patch!.digest, by: "rosa" };
    story.happens("rosa approves the patch", () => story.world.editChangeset(metadata.name, { approval }));
    story.happens("the user raises spec.attempt, which voids the approval", () => story.world.editChangeset(metadata.name, { attempt: 1 }));
    story.finishes(key, "acme/a", { nanoUSD: dollars(0.2) });
    await expect(story.text).toMatchFileSnapshot("./testdata/approval.log");
  });

  it("shares the cluster's slots fairly between namespaces", async () => {
    const story = new Story({ runningJobs: 2 });
    let [first, second] = ["", ""];
    story.happens("team-a applies node-24 with three repositories", () => {
      first = story.world.addBatch("node-24", spec(["a1", "a2", "a3"]), "team-a");
    });
    story.happens("team-b applies timeouts with one repository", () => {
      second = story.world.addBatch("timeouts", spec(["b1"]), "team-b");
    });
    story.finishes(first, "acme/a1", { nanoUSD: dollars(0.2) });
    story.finishes(second, "acme/b1", { nanoUSD: dollars(0.2) });
    await expect(story.text).toMatchFileSnapshot("./testdata/two-namespaces.log");
  });

  it("stops a Job that shows a second pod, because nothing counts what that one costs", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["a"], { budget: { maxCostUSD: 20 } }));
    story.starts(key, "acme/a");
    story.happens("somebody suspends and resumes the Job, and a second pod runs", () =>
      story.kubelet.run(story.kubelet.createPod(story.job(key, "acme/a"), "b")),
    );
    story.happens("both pods are gone", () => story.kubelet.obeySuspend(story.job(key, "acme/a")));
    story.later(120, "the wait for records is over");
    story.later(20, "the pause before the next try is over");
    await expect(story.text).toMatchFileSnapshot("./testdata/second-pod.log");
  });

  it("counts the first result of a Job that somebody suspended and resumed, and what its second pod spent", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["a", "b"], { parallelism: 1, budget: { maxCostUSD: 5 } }));
    story.starts(key, "acme/a");
    const first = story.pod(key, "acme/a");
    const { job } = story.job(key, "acme/a");
    let second = first;
    story.happens("somebody suspends and resumes the Job, and a second pod runs beside the first", () => {
      second = story.kubelet.createPod({ ...story.job(key, "acme/a"), job }, "b");
      story.kubelet.run(second);
      story.kubelet.work(second, dollars(0.25));
    });
    story.happens("the first pod reports a change, $0.40", () => story.kubelet.finish(first, { nanoUSD: dollars(0.4) }));
    story.happens("the second pod has stored what it had", () => story.kubelet.interrupt(second, "TerminationByKubelet"));
    await expect(story.text).toMatchFileSnapshot("./testdata/suspended-and-resumed.log");
  });

  it("stops the second pod of a Job also when the first is gone by then, and keeps what the first has done", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["a"], { budget: { maxCostUSD: 5 } }));
    story.starts(key, "acme/a");
    const first = story.pod(key, "acme/a");
    story.happens("Claude works, $0.40", () => story.kubelet.work(first, dollars(0.4)));
    const { job } = story.job(key, "acme/a");
    story.happens("somebody suspends and resumes the Job: its pod is gone, and another one runs", () => {
      story.kubelet.obeySuspend(story.job(key, "acme/a"));
      const second = story.kubelet.createPod(story.job(key, "acme/a"), "b");
      story.kubelet.run(second);
      story.kubelet.work(second, dollars(0.25));
      job.active = 1;
    });
    story.happens("the second pod is gone too", () => story.kubelet.obeySuspend(story.job(key, "acme/a")));
    await expect(story.text).toMatchFileSnapshot("./testdata/suspended-and-resumed-later.log");
    const status = story.world.changesetOf(key, "acme/a").status;
    expect(status?.attempts).toMatchObject([{ reason: "SecondPod", pod: first.pod.name, patch: { ref: `${first.pod.name}-patch` } }]);
  });

  it("stops a pod that its Job starts after the result", () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["a"]));
    story.starts(key, "acme/a");
    const { job } = story.job(key, "acme/a");
    story.happens("a change is stored, and the Job does not know yet that its pod has ended", () => {
      story.kubelet.finish(story.pod(key, "acme/a"));
      delete job.finished;
    });
    expect(story.text).toContain("acme/a: Ready");
    story.happens("somebody suspends and resumes the Job", () =>
      story.kubelet.run(story.kubelet.createPod({ ...story.job(key, "acme/a"), job }, "b")),
    );
    expect(story.text).toContain("stop Job acme/a 0-0: SecondPod");
  });

  it("gives a toolbox up that does not start, before anything is paid", async () => {
    const story = new Story();
    const checks = { toolbox: { image: "registry.example/tools:9" }, checks: [{ name: "test", command: ["make", "test"] }] };
    const key = story.apply("node-24", spec(["a"], checks));
    const words = 'Back-off pulling image "registry.example/tools:9": not found';
    story.happens("clone has ended and the toolbox's image is not there", () =>
      story.kubelet.holdToolbox(story.kubelet.createPod(story.job(key, "acme/a"), "a"), "ImagePullBackOff", words),
    );
    expect(story.world.changesetOf(key, "acme/a").status?.message).toContain(
      'The toolbox does not start from the image registry.example/tools:9: Back-off pulling image "registry.example/tools:9": not found. Check runner.image and imagePullSecrets of the chart, or spec.toolbox.image',
    );
    story.later(599, "almost 10 minutes have passed");
    story.later(1, "10 minutes have passed");
    story.happens("the pod has ended", () => story.kubelet.endHeld(story.pod(key, "acme/a")));
    await expect(story.text).toMatchFileSnapshot("./testdata/toolbox-missing.log");
    const { status } = story.world.changesetOf(key, "acme/a");
    expect(status?.attempts).toMatchObject([{ outcome: "Failed", reason: "ToolboxUnavailable", chargedNanoUSD: 0 }]);
    expect(status?.message).toContain(
      `The toolbox did not start from the image registry.example/tools:9: ${words}. Correct spec.toolbox.image`,
    );
    expect(status?.message).toContain("Run it again: kubectl");
  });

  it("names the image also where the pod of a toolbox that did not start is gone already", () => {
    const story = new Story();
    const checks = { toolbox: { image: "registry.example/tools:9" }, checks: [{ name: "test", command: ["make", "test"] }] };
    const key = story.apply("node-24", spec(["a"], checks));
    const held = story.kubelet.createPod(story.job(key, "acme/a"), "a");
    story.happens("the toolbox cannot start", () => story.kubelet.holdToolbox(held, "CrashLoopBackOff", 'exec: "sh": not found'));
    story.later(600, "10 minutes have passed");
    story.happens("the pod is gone and has left nothing", () => {
      held.run = undefined;
      story.kubelet.obeySuspend(story.job(key, "acme/a"));
    });
    story.later(120, "the wait for records is over");
    const { status } = story.world.changesetOf(key, "acme/a");
    expect(status).toMatchObject({ phase: "Failed", reason: "ToolboxUnavailable" });
    expect(status?.message).toContain("The toolbox did not start from the image registry.example/tools:9. Correct");
  });

  it("deletes finished Jobs, old payloads and, when asked, the BatchChange", async () => {
    const story = new Story();
    const key = story.apply("node-24", spec(["a", "b"], { ttlSecondsAfterFinished: 172_800 }));
    story.finishes(key, "acme/a", { nanoUSD: dollars(0.2) });
    story.finishes(key, "acme/b", { reason: "Refused", message: "The model refused." });
    story.later(900, "15 minutes have passed");
    story.later(86_400, "a day has passed");
    story.later(86_400, "another day has passed");
    await expect(story.text).toMatchFileSnapshot("./testdata/clean-up.log");
  });
});
