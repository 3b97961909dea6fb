import { describe, expect, it } from "vitest";
import { plan } from "./plan.ts";
import { oldRecords } from "./retention.ts";
import { entriesOf } from "./repositories.ts";
import { Story } from "./testing/story.ts";
import type { ObservedRecord } from "./observed.ts";
import { worksOf } from "./work.ts";

const parts = ["live", "patch", "transcript-0", "result"];

/** A Changeset that has run three times; each pod left four ConfigMaps. */
function threeRuns() {
  const story = new Story();
  const key = story.apply("node-24", { repositories: [{ url: "https://github.com/acme/api" }], resultStorage: { retain: "1d" } });
  const { name } = story.world.changesetOf(key, "acme/api").metadata;
  for (const attempt of [0, 1, 2]) {
    if (attempt > 0) story.happens("again", () => story.world.editChangeset(name, { attempt }));
    story.finishes(key, "acme/api");
  }
  const records = [0, 1, 2].flatMap((attempt) =>
    parts.map((part): ObservedRecord => {
      const record = `${name}-${attempt}-0-pa-${part}`;
      return {
        namespace: "team-a",
        name: record,
        uid: record,
        role: "x",
        batchChange: "node-24",
        changeset: name,
        bytes: 1,
        createdAt: "",
        owners: [],
      };
    }),
  );
  return { story, key, name, records };
}

function deleted({ story, key, name, records }: ReturnType<typeof threeRuns>): string[] {
  const observed = { ...story.world.observe(key), records };
  const actions = oldRecords(worksOf(observed, entriesOf(observed.batch)), observed);
  return actions.map((action) => ("name" in action ? action.name.slice(name.length + 1) : ""));
}

describe("a patch that was read by nobody in time", () => {
  function reasonAfter(seconds: number, stored: boolean): string {
    const runs = threeRuns();
    runs.story.world.pass(seconds);
    const observed = runs.story.world.observe(runs.key);
    const ref = runs.story.world.changesetOf(runs.key, "acme/api").status!.patch!.ref;
    const record = { ...runs.records[0]!, name: ref, uid: ref };
    const [patch] = plan({ ...observed, records: stored ? [record] : [] }).filter(({ kind }) => kind === "PatchChangesetStatus");
    return patch?.kind === "PatchChangesetStatus" ? `${patch.status.phase} ${patch.status.reason}: ${patch.status.message}` : "as it was";
  }

  it.each([
    ["as it was", 86_399, true],
    ["as it was", 86_399, false],
    ["as it was", 86_401, true],
  ])("is %s after %i s, stored: %s", (want, seconds, stored) => {
    expect(reasonAfter(seconds, stored)).toBe(want);
  });

  it("is named as deleted once it is, with the command that makes it anew", () => {
    expect(reasonAfter(86_401, false)).toMatch(
      /^Ready PatchPruned: The patch was deleted 1d after the end, .* Make it anew: kubectl -n team-a patch cset .*"attempt":3/,
    );
  });
});

describe("stored payloads", () => {
  it("of the last two tries are kept, older ones go", () => {
    expect(deleted(threeRuns())).toEqual(parts.map((part) => `0-0-pa-${part}`));
  });

  it("all go when the batch has ended and retain is over; status and usage stay", () => {
    const runs = threeRuns();
    runs.story.world.pass(86_399);
    expect(deleted(runs)).toHaveLength(4);
    runs.story.world.pass(1);
    expect(deleted(runs)).toHaveLength(12);
    expect(runs.story.world.changesetOf(runs.key, "acme/api").status?.patch).toBeDefined();
  });
});
