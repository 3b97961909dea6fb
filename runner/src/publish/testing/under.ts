import { expect } from "vitest";
import { stage } from "../../../../local/src/github/testing/stage.ts";
import { Publication } from "./publication.ts";

const api = "acme/api";
/** What publishing asks of GitHub. */
export const calls = [
  "repos/get",
  "pulls/list",
  "git/refs",
  "git/fetch",
  "git/push",
  "pulls/create",
  "pulls/update",
  "issues/add-labels",
  "pulls/request-reviewers",
];
/** What is only a wish beside a pull request that is there. */
export const besides = new Set(["issues/add-labels", "pulls/request-reviewers"]);
const isUpdate = (operation: string): boolean => operation === "pulls/update";

interface Fault {
  readonly status?: number;
  readonly reset?: true;
  readonly retryAfterSeconds?: number;
  readonly at?: "after";
}

/** Publishes under a fault, then without, and holds what is always true. */
export async function under(operation: string, fault: Fault, times: number | "always"): Promise<string> {
  await using at = await stage();
  using first = new Publication(at);
  if (isUpdate(operation)) await first.run();
  using one = new Publication(at, isUpdate(operation) ? { files: { "src/node.txt": "25\n" }, input: { title: "Another" } } : {});
  at.github.fail({ operation, times, ...fault });
  const { result } = await one.run({ config: { limitSeconds: 1 } });
  at.github.heal();
  const told = result?.outcome.kind === "Refused" ? result.outcome.reason : String(result?.outcome.kind);
  // What may pass is run again as it is.
  const last = told === "Unavailable" ? (await one.run()).result : result;
  expect(last?.outcome.kind).not.toBe("Unavailable");
  const { hands, pushes, requests } = at.github;
  expect(hands.repository(api).pulls.length).toBeLessThanOrEqual(1);
  expect(pushes.some(({ forced }) => forced)).toBe(false);
  expect(requests.filter(({ early }) => early)).toEqual([]);
  expect(requests.filter(({ token }) => token === "read")).toEqual([]);
  return `${told}${(result?.warnings.length ?? 0) > 0 ? " with a warning" : ""}`;
}
