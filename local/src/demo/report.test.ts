import { expect, test } from "vitest";
import { githubLines, surprises, unpublished } from "./report.ts";
import { batch, change, seen } from "./testing/seen.ts";

const url = "http://127.0.0.1:1/acme/billing-api/pull/1";
const open = change("http-timeouts", "acme/billing-api", { phase: "Open", pullRequest: { url, number: 1, state: "open" } });
const waiting = change("http-timeouts", "acme/rate-limiter", { phase: "AwaitingApproval" });
const approval = { patch: "sha256:1", by: "you" };

test("the stand-in for GitHub is named as one, with the pull requests that there are", () => {
  expect(githubLines("http://127.0.0.1:1", seen([batch("http-timeouts")], [open, waiting]))).toEqual([
    "Repositories: http://127.0.0.1:1/  (a stand-in for GitHub on this machine; nothing there is on GitHub)",
    expect.stringMatching(/^Pull requests: .*form to review, merge or close/),
    `  http-timeouts acme/billing-api: ${url}  open`,
    "",
  ]);
  expect(githubLines(undefined, seen([], []))).toEqual([]);
});

test("an approved change is to have a pull request, and is no surprise for being further than its script", () => {
  const approved = (one: typeof open): typeof open => ({ ...one, spec: { ...one.spec, approval } });
  expect(unpublished(seen([], [approved(open), waiting]))).toEqual([]);
  expect(unpublished(seen([], [open, approved(waiting)]))).toEqual([
    "http-timeouts acme/rate-limiter is AwaitingApproval, expected a pull request",
  ]);
  expect(surprises(seen([], [approved(open), waiting]))).toEqual([]);
  expect(surprises(seen([], [open]))).toEqual(["http-timeouts acme/billing-api is Open, expected AwaitingApproval"]);
});
