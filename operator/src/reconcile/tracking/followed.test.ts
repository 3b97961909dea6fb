import { PullRequest, type SeenPullRequest } from "@codybatch/crds";
import { expect, it } from "vitest";
import { followedUp } from "./followed.ts";

const head = "a".repeat(40);
const time = "2026-11-21T10:00:00Z";
const before: PullRequest = {
  url: "https://github.com/acme/api/pull/1",
  number: 1,
  state: "open",
  headSHA: head,
  mergeable: "mergeable",
  createdAt: time,
};
const seen: SeenPullRequest = {
  changeset: "b-1",
  kind: "Seen",
  url: before.url,
  number: 1,
  state: "open",
  draft: false,
  checks: "passing",
  review: "approved",
  mergeable: "conflicting",
  headSHA: head,
  createdAt: time,
  humanCommits: false,
};

it.each([
  ["open", "Open"],
  ["merged", "Merged"],
  ["closed", "Closed"],
] as const)("one that is %s makes the phase %s", (state, phase) => {
  expect(followedUp(before, { ...seen, state })).toMatchObject({ phase, pullRequest: { state } });
});

it("all that was seen fits status", () => {
  const up = followedUp(before, { ...seen, state: "merged", mergedAt: time, closedAt: time });
  expect(PullRequest.parse(up?.pullRequest)).toEqual({
    url: before.url,
    number: 1,
    state: "merged",
    draft: false,
    checks: "passing",
    review: "approved",
    mergeable: "conflicting",
    headSHA: head,
    humanCommits: false,
    createdAt: time,
    mergedAt: time,
    closedAt: time,
  });
});

it("one that was opened again is closed no longer", () => {
  expect(followedUp({ ...before, state: "closed", closedAt: time }, seen)?.pullRequest).not.toHaveProperty("closedAt");
});

it("one that is shown again is gone no longer", () => {
  expect(followedUp({ ...before, state: "closed", gone: "repository" }, seen)).toMatchObject({ phase: "Open" });
  expect(followedUp({ ...before, state: "closed", gone: "repository" }, seen)?.pullRequest).not.toHaveProperty("gone");
});

it.each([
  ["the same head keeps what was known", head, "mergeable"],
  ["another head does not", "b".repeat(40), "unknown"],
])("while GitHub works out whether it can be merged %s", (_what, headSHA, mergeable) => {
  expect(followedUp(before, { ...seen, headSHA, mergeable: "unknown" })?.pullRequest.mergeable).toBe(mergeable);
});

it("what is gone is closed, and a merge stays one", () => {
  const gone = { changeset: "b-1", kind: "Gone", what: "repository" } as const;
  expect(followedUp(before, gone)).toEqual({ phase: "Closed", pullRequest: { ...before, state: "closed", gone: "repository" } });
  expect(followedUp({ ...before, state: "merged" }, gone)).toBeUndefined();
});

it.each([{ changeset: "b-1", kind: "Unseen" } as const, { changeset: "b-1", kind: "Refused", message: "No." } as const])(
  "$kind changes nothing",
  (followed) => {
    expect(followedUp(before, followed)).toBeUndefined();
  },
);
