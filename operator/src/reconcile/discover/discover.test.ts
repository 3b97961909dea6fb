import { DiscoverInput, type DiscoverResult } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { nextLook } from "../next-look.ts";
import { viewOf } from "../plan.ts";
import type { SpecInput } from "../testing/build.ts";
import { dollars, Story } from "../testing/story.ts";
import { originOfAPI } from "./start.ts";

const selector = { search: "org:acme" };
type Outcome = DiscoverResult["outcome"];

/** A batch whose repositories are searched for. */
class Searched {
  readonly story: Story;
  readonly key: string;

  constructor(spec: SpecInput = {}, limits: ConstructorParameters<typeof Story>[0] = {}) {
    this.story = new Story(limits);
    this.key = this.story.apply("node-24", { repositories: undefined, repositorySelector: selector, ...spec });
  }

  get world() {
    return this.story.world;
  }

  get searches() {
    return this.world.tasks
      .of(this.key)
      .filter(({ job, result }) => job.task === "discover" && result === undefined && job.finishedAt === undefined);
  }

  /** The search comes to this. */
  ends(outcome: Outcome, discovery: DiscoverResult["discovery"] = { found: 3, skipped: [], skippedCounts: { Archived: 1 } }): void {
    const search = this.searches[0]!;
    this.story.happens(`the search ends: ${outcome.kind}`, () => {
      const at = this.world.now.toISOString();
      const told = outcome.kind === "Discovered" || outcome.kind === "Refused" ? { discovery } : {};
      const result: DiscoverResult = { version: 1, task: "discover", outcome, ...told, requests: 2, startedAt: at, finishedAt: at };
      this.world.tasks.finish(search, result, this.world.now);
    });
  }

  finds(...names: readonly string[]): void {
    this.ends(found(...names));
  }

  get batch() {
    return this.world.batches.get(this.key)!.status!;
  }

  get repositories(): readonly string[] {
    return this.world.changesetsOf(this.key).map(({ spec }) => spec.repository.name);
  }

  condition(wanted: string) {
    return this.batch.conditions?.find(({ type }) => type === wanted);
  }

  get wakes(): string | undefined {
    return nextLook(viewOf(this.world.observe(this.key)))?.toISOString();
  }
}

function found(...names: readonly string[]): Outcome {
  const repositories = names.map((name) => ({
    url: `https://github.com/acme/${name}`,
    name: `acme/${name}`,
    defaultBranch: "main",
    why: { search: true },
    push: "yes" as const,
  }));
  return { kind: "Discovered", message: `${names.length} repositories of 3 found are taken.`, repositories };
}

const refused = (reason: "NothingFound" | "LimitExceeded" | "SearchRefused" | "CredentialMissing"): Outcome => ({
  kind: "Refused",
  reason,
  message: `It is ${reason}.`,
});

describe("a search for repositories", () => {
  it("runs once, before anything else, with what the administrator allows", () => {
    const { story, searches, batch, repositories } = new Searched(
      { repositories: [{ url: "https://github.com/acme/listed" }] },
      { maxRepositories: 7, repositoryPatterns: ["https://github.com/acme/*"] },
    );
    expect(searches.map(({ job }) => job.name)).toEqual(["node-24-discover-1"]);
    expect(searches[0]!.input).toEqual(
      DiscoverInput.parse({
        version: 1,
        task: "discover",
        namespace: "team-a",
        batchChange: { name: "node-24", uid: story.world.batches.get("team-a/node-24")!.metadata.uid },
        githubURL: "https://github.com",
        selector,
        listed: [{ url: "https://github.com/acme/listed", branch: "HEAD" }],
        repositoryPatterns: ["https://github.com/acme/*"],
        maxRepositories: 7,
        storage: { type: "ConfigMap", maxBytes: 2 * 1024 * 1024 },
      }),
    );
    expect(batch).toMatchObject({ phase: "Discovering", progress: "0/0" });
    expect(repositories).toEqual([]);
  });

  it("makes a Changeset of each that is listed or taken, and never searches again", () => {
    const searched = new Searched({ repositories: [{ url: "https://github.com/acme/zebra" }], agent: { maxCostUSD: 1 } });
    searched.finds("web", "Api");
    expect(searched.repositories).toEqual(["acme/zebra", "acme/Api", "acme/web"]);
    expect(searched.batch).toMatchObject({ phase: "Running", progress: "0/3", discovery: { outcome: "Discovered", found: 3, taken: 2 } });
    expect(searched.batch.discovery?.skipped).toEqual([{ reason: "Archived", count: 1 }]);
    expect(searched.condition("Discovered")).toMatchObject({ status: "True", reason: "RepositoriesFound" });
    expect(searched.batch.discovery?.message).toMatch(
      / Read the whole answer: kubectl -n team-a get cm node-24-discover-1-p0-result -o jsonpath='\{\.data\.result\\\.json\}'$/,
    );
    searched.story.later(86_400, "a day passes");
    expect(searched.searches).toEqual([]);
  });

  it("can be read while the batch is suspended, and nothing starts before", () => {
    const searched = new Searched({ suspend: true });
    expect(searched.batch.phase).toBe("Discovering");
    searched.finds("api");
    expect(searched.batch).toMatchObject({ phase: "Suspended", progress: "0/1" });
    expect(searched.world.created).toEqual([]);
    searched.world.edit(searched.key, { suspend: false });
    searched.story.later(1, "it goes on");
    expect(searched.world.created).toHaveLength(1);
  });

  it("keeps what was found when its list is deleted, and takes out what was listed alone", () => {
    const searched = new Searched({ repositories: [{ url: "https://github.com/acme/listed" }], parallelism: 1 });
    searched.finds("api", "web");
    const list = searched.world.tasks.recordsOf(searched.key)[0]!;
    searched.world.apply(searched.key, { kind: "DeleteConfigMap", name: list.name, uid: list.uid });
    searched.world.edit(searched.key, { repositories: undefined });
    searched.story.later(1, "the operator looks");
    const phases = searched.world.changesetsOf(searched.key).map(({ spec, status }) => [spec.repository.name, status?.phase]);
    expect(phases).toEqual([
      ["acme/listed", "Running"],
      ["acme/api", "Pending"],
      ["acme/web", "Pending"],
    ]);
    expect(searched.searches).toEqual([]);
  });

  it("is made anew when its list is deleted before anything was made of it", () => {
    const searched = new Searched();
    const { world, key } = searched;
    const at = world.now.toISOString();
    const result = { version: 1, task: "discover", outcome: found("api"), requests: 1, startedAt: at, finishedAt: at } as const;
    world.tasks.finish(searched.searches[0]!, { ...result, discovery: { found: 1, skipped: [], skippedCounts: {} } }, world.now);
    const write = world.actionsFor(key).find(({ kind }) => kind === "PatchBatchStatus")!;
    world.apply(key, write);
    const list = world.tasks.recordsOf(key)[0]!;
    world.apply(key, { kind: "DeleteConfigMap", name: list.name, uid: list.uid });
    searched.story.later(1, "the operator looks");
    expect(searched.searches.map(({ job }) => job.number)).toEqual([2]);
    searched.finds("api");
    expect(searched.repositories).toEqual(["acme/api"]);
  });

  it("counts what was found for the budget and the administrator's most", () => {
    const searched = new Searched({ agent: { maxCostUSD: 1 } }, { maxCostUSD: 1.5 });
    searched.finds("api", "web");
    expect(searched.condition("Accepted")).toMatchObject({ status: "False", reason: "LimitExceeded" });
    expect(searched.repositories).toEqual([]);
    searched.story.happens("the user sets a budget", () => searched.world.edit(searched.key, { budget: { maxCostUSD: 1 } }));
    expect(searched.repositories).toEqual(["acme/api", "acme/web"]);
  });

  it("is refused by a list that names what is not allowed", () => {
    const searched = new Searched({}, { repositoryPatterns: ["https://github.com/other/*"] });
    searched.finds("api");
    expect(searched.condition("Accepted")).toMatchObject({
      reason: "LimitExceeded",
      message: expect.stringMatching(/^With the repositories that the search found.*acme\/api/),
    });
    expect(searched.repositories).toEqual([]);
  });

  it("that found more than the administrator allows runs nothing until the limit or the list is another", () => {
    const searched = new Searched();
    searched.ends(refused("LimitExceeded"));
    expect(searched.condition("Accepted")).toMatchObject({
      status: "False",
      reason: "LimitExceeded",
      message: expect.stringMatching(/^It is LimitExceeded/),
    });
    expect(searched.condition("Discovered")).toMatchObject({ status: "False", reason: "LimitExceeded" });
    expect(searched.batch.phase).toBe("Pending");
    searched.story.later(86_400, "a day passes");
    expect(searched.searches).toEqual([]);
    Object.assign(searched.world.limits, { maxRepositories: 200 });
    searched.story.later(1, "the administrator allows more");
    expect(searched.searches).toHaveLength(1);
    expect(searched.condition("Accepted")).toMatchObject({ status: "True" });
  });

  it.each(["NothingFound", "SearchRefused"] as const)("that is %s is not repeated", (reason) => {
    const searched = new Searched();
    searched.ends(refused(reason));
    expect(searched.condition("Discovered")).toMatchObject({ status: "False", reason });
    expect(searched.condition("Progressing")).toMatchObject({ status: "False", reason: "SearchGivenUp" });
    searched.story.later(86_400, "a day passes");
    expect(searched.searches).toEqual([]);
    expect(searched.wakes).toBeUndefined();
  });

  it.each([
    ["the credential is missing", refused("CredentialMissing"), "CredentialMissing", "2026-03-02T09:00:50.000Z"],
    ["the host does not answer", { kind: "Unavailable", message: "503." }, "HostUnavailable", "2026-03-02T09:00:50.000Z"],
    [
      "the host wants rest",
      { kind: "RateLimited", until: "2026-03-02T09:10:00.000Z", message: "Wait." },
      "RateLimited",
      "2026-03-02T09:10:00.000Z",
    ],
  ] as const)("goes on by itself when %s", (_what, outcome, reason, at) => {
    const searched = new Searched();
    searched.ends(outcome);
    expect(searched.batch.phase).toBe("Discovering");
    expect(searched.condition("Discovered")).toMatchObject({ status: "False", reason, message: expect.stringContaining(at) });
    expect(searched.wakes).toBe(at);
    searched.story.later((Date.parse(at) - searched.world.now.getTime()) / 1000, "the time comes");
    expect(searched.searches.map(({ job }) => job.number)).toEqual([2]);
    searched.finds("api");
    expect(searched.repositories).toEqual(["acme/api"]);
  });

  it("is repeated ever more rarely, at most every quarter of an hour", () => {
    const searched = new Searched();
    const waits = Array.from({ length: 8 }, () => {
      searched.ends({ kind: "Unavailable", message: "503." });
      const wait = (Date.parse(searched.wakes!) - searched.world.now.getTime()) / 1000;
      searched.story.later(wait, "the time comes");
      return wait;
    });
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it("is made anew when its Job never ends", () => {
    const searched = new Searched();
    searched.story.later(600 + 900 + 600, "nothing is heard");
    expect(searched.condition("Discovered")).toMatchObject({ reason: "JobLost" });
    searched.story.later(30, "the time comes");
    expect(searched.searches.map(({ job }) => job.number)).toEqual([2]);
  });

  it("is ended by a cancel, and the batch with it", () => {
    const searched = new Searched();
    searched.story.happens("the user cancels", () => searched.world.edit(searched.key, { cancel: true }));
    expect(searched.world.tasks.of(searched.key)).toEqual([]);
    expect(searched.batch).toMatchObject({ phase: "Cancelled", finishedAt: searched.world.now.toISOString() });
    expect(searched.condition("Complete")).toMatchObject({ status: "True", reason: "SomeCancelled" });
  });

  it("does not run while the batch is refused", () => {
    expect(new Searched({ agent: { model: "other" } }, { models: ["claude-*"] }).searches).toEqual([]);
  });

  it("has its answer kept when the results go", () => {
    const searched = new Searched({ resultStorage: { retain: "1d" } });
    searched.ends({ kind: "Unavailable", message: "503." });
    searched.story.later(30, "the time comes");
    searched.finds("api");
    searched.story.finishes(searched.key, "acme/api", { nanoUSD: dollars(0.1) });
    searched.story.later(2 * 86_400, "two days pass");
    expect(searched.world.tasks.recordsOf(searched.key).map(({ name }) => name)).toEqual([searched.batch.discovery?.ref]);
    expect(searched.world.tasks.of(searched.key)).toEqual([]);
  });

  it("is told as it goes", async () => {
    const searched = new Searched({ suspend: true, agent: { maxCostUSD: 1 } });
    searched.ends({ kind: "RateLimited", until: "2026-03-02T09:30:00.000Z", message: "github.com wants no search before 09:30." });
    searched.story.later(30 * 60 - 20, "the time comes");
    searched.finds("api", "web");
    searched.story.happens("the user has read the list and takes spec.suspend back", () =>
      searched.world.edit(searched.key, { suspend: false }),
    );
    searched.story.finishes(searched.key, "acme/api", { nanoUSD: dollars(0.2) });
    searched.story.finishes(searched.key, "acme/web", { change: false, nanoUSD: dollars(0.1) });
    await expect(searched.story.text).toMatchFileSnapshot("../testdata/discovery.log");
  });
});

it.each([
  [undefined, "https://github.com"],
  ["https://api.github.com", "https://github.com"],
  ["https://api.acme.ghe.com/", "https://acme.ghe.com"],
  ["https://ghe.example/api/v3", "https://ghe.example"],
  ["https://api.example/api/v3", "https://api.example"],
  ["http://127.0.0.1:4567/api/v3", "http://127.0.0.1:4567"],
])("the repositories of the API at %s are at %s", (api, origin) => {
  expect(originOfAPI(api)).toBe(origin);
});
