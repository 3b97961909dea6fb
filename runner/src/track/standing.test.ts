import { expect, it } from "vitest";
import { standingOf } from "./query.ts";
import { isOurs, seenOf } from "./standing.ts";

const sha = "a".repeat(40);
const plain = {
  url: "https://github.com/acme/api/pull/7",
  number: 7,
  state: "OPEN",
  isDraft: false,
  createdAt: "2026-11-21T10:00:00Z",
  closedAt: null,
  mergedAt: null,
  headRefOid: sha,
  mergeable: "MERGEABLE",
  reviewDecision: null,
  reviews: { nodes: [] },
  newest: { nodes: [{ commit: { oid: sha, statusCheckRollup: null } }] },
};
const pull = { changeset: "b-1", repository: "acme/api", number: 7, publishedSHA: sha };

function seen(more: object) {
  const standing = standingOf({ value: { nameWithOwner: "acme/api", pullRequest: { ...plain, ...more } }, faults: [] });
  return seenOf(pull, standing!);
}

const rollup = (state: string): object => ({ newest: { nodes: [{ commit: { oid: sha, statusCheckRollup: { state } } }] } });
const reviews = (...states: string[]): object => ({ reviews: { nodes: states.map((state) => ({ state })) } });

it.each([
  ["an open one", {}, { state: "open", draft: false, checks: "none", review: "none", mergeable: "mergeable", headSHA: sha }],
  ["a draft", { isDraft: true }, { draft: true }],
  ["a closed one", { state: "CLOSED", closedAt: "2026-11-21T11:00:00Z" }, { state: "closed", closedAt: "2026-11-21T11:00:00Z" }],
  ["a merged one", { state: "MERGED", mergedAt: "2026-11-21T11:00:00Z" }, { state: "merged", mergedAt: "2026-11-21T11:00:00Z" }],
  ["a conflict", { mergeable: "CONFLICTING" }, { mergeable: "conflicting" }],
  ["nothing worked out yet", { mergeable: "UNKNOWN" }, { mergeable: "unknown" }],
  ["a word of a later GitHub for it", { mergeable: "PERHAPS" }, { mergeable: "unknown" }],
  ["passing checks", rollup("SUCCESS"), { checks: "passing" }],
  ["failing checks", rollup("FAILURE"), { checks: "failing" }],
  ["broken checks", rollup("ERROR"), { checks: "failing" }],
  ["running checks", rollup("PENDING"), { checks: "pending" }],
  ["expected checks", rollup("EXPECTED"), { checks: "pending" }],
  ["a word of a later GitHub for checks", rollup("DANCING"), { checks: "pending" }],
  ["a branch without commits", { newest: { nodes: [] } }, { checks: "none" }],
  ["an approval that was asked for", { reviewDecision: "APPROVED" }, { review: "approved" }],
  ["a review that is missing", { reviewDecision: "REVIEW_REQUIRED", ...reviews("APPROVED") }, { review: "required" }],
  ["a request for changes", { reviewDecision: "CHANGES_REQUESTED" }, { review: "changes_requested" }],
  ["an approval that nobody asked for", reviews("APPROVED"), { review: "approved" }],
  ["an approval beside a request for changes", reviews("APPROVED", "CHANGES_REQUESTED"), { review: "changes_requested" }],
  ["a dismissed review", reviews("DISMISSED"), { review: "none" }],
])("%s", (_what, more, expected) => {
  expect(seen(more)).toMatchObject(expected);
});

it.each([
  ["no answer", null],
  ["a state of a later GitHub", { nameWithOwner: "acme/api", pullRequest: { ...plain, state: "ASLEEP" } }],
  ["no pull request", { nameWithOwner: "acme/api", pullRequest: null }],
])("%s is not taken for one", (_what, value) => {
  expect(standingOf({ value, faults: [] })).toBeUndefined();
});

it.each([
  ["Title\n\nText.\n\nCody-Batch: team-a/b/b-1\n", true],
  ["Title\n\nCody-Batch: team-a/b/b-1\nSigned-off-by: X <x@acme.invalid>", true],
  ["Title\n\ncody-batch:  team-a/b/b-1", false],
  ["Title\n\nCody-Batch: team-a/b/b-12", false],
  ["Title\n\nCody-Batch: team-a/b/b-1\n\nMore of a person.", false],
  ["Merge branch 'main' into codybatch/b", false],
  ["", false],
])("%j is ours: %s", (message, ours) => {
  expect(isOurs(message, "team-a/b/b-1")).toBe(ours);
});
