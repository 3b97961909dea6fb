import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { stage } from "../../../local/src/github/testing/stage.ts";
import { plainGit } from "../git/testing/repository.ts";
import { Publication } from "./testing/publication.ts";

const api = "acme/api";
const branch = "codybatch/node-24";

it("publishes an approved patch: one branch, one pull request, the very commit each time", async () => {
  await using at = await stage();
  using publication = new Publication(at);
  const { result, events, log, folder } = await publication.run();
  expect(result).toMatchObject({ outcome: { kind: "Published", branch, pullRequest: { number: 1, state: "open" } }, warnings: [] });
  const { hands } = at.github;
  const pull = hands.pull(api, 1);
  expect(pull).toMatchObject({
    title: "node-24: Moved to Node 24.",
    labels: ["maintenance"],
    reviewers: ["ann"],
    teamReviewers: ["platform"],
    draft: false,
  });
  const commit = result?.outcome.kind === "Published" ? result.outcome.commit : "";
  expect(await hands.tip(api, branch)).toBe(commit);
  const dir = hands.dir(api);
  const shown = plainGit(dir, "show", "--no-patch", "--format=%T %P %an <%ae> %cn <%ce> %at %ct%n%B", commit);
  const who = "Cody Batch <codybatch@acme.invalid>";
  expect(shown).toBe(
    `${publication.input.patch.tree} ${publication.input.patch.baseCommit} ${who} ${who} 1795255200 1795255200\nnode-24\n\nMoved to Node 24.\n\nCody-Batch: team-a/node-24/node-24-0123456789`,
  );
  expect(result?.requests).toEqual({ api: 5, git: 5 });
  expect(events.map(({ kind }) => kind)).toEqual(["publishing", "step", "step", "step", "step", "step", "step", "ended"]);
  expect(readdirSync(folder("tmp"))).toEqual([]);
  expect(JSON.stringify([result, events]) + log).not.toContain("ghp_");

  const again = await publication.run();
  expect(again.result?.outcome).toEqual(result?.outcome);
  expect(hands.repository(api).pulls).toHaveLength(1);
  expect(at.github.pushes).toHaveLength(1);
  expect(at.github.requests.filter(({ writes, operation }) => writes && operation !== "git/push")).toHaveLength(3);
});
