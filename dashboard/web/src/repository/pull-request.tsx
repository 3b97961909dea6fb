import type { RepositoryDetail } from "@codybatch/dashboard-contract";
import { ConditionTable } from "../status/conditions.tsx";
import { Fact, Facts } from "../status/facts.tsx";
import { words } from "../status/tone.ts";
import { visible } from "../text/visible.ts";
import { Moment } from "../time/moment.tsx";
import { PullRequestMark } from "./pull-request-mark.tsx";

/** What became of the change on the host. */
export function PullRequestTab({ detail: { pullRequest, approval, conditions } }: { readonly detail: RepositoryDetail }) {
  return (
    <section aria-label="Pull request" className="cb-stack">
      {pullRequest === undefined ? (
        <p className="cb-panel">
          There is no pull request. Whether one is opened, and after which approval, spec.publish.policy of the batch says.
        </p>
      ) : (
        <PullRequestFacts pullRequest={pullRequest} />
      )}
      {approval !== undefined && (
        <p>
          {visible(approval.by)} approved the patch <code className="cb-break">{visible(approval.patch)}</code>.
        </p>
      )}
      <h2>Conditions</h2>
      <ConditionTable conditions={conditions} />
    </section>
  );
}

function PullRequestFacts({ pullRequest }: { readonly pullRequest: NonNullable<RepositoryDetail["pullRequest"]> }) {
  const { url, number, state, draft, checks, review, mergeable, headSHA, createdAt, mergedAt, closedAt, humanCommits } = pullRequest;
  return (
    <>
      <PullRequestMark url={url} number={number} state={draft === true && state === "open" ? "draft" : state} />
      <Facts>
        <Fact name="CI">{checks === undefined ? "says nothing" : words(checks)}</Fact>
        <Fact name="Review">{review === undefined ? "none" : words(review)}</Fact>
        {mergeable !== undefined && <Fact name="Mergeable">{words(mergeable)}</Fact>}
        {createdAt !== undefined && (
          <Fact name="Opened">
            <Moment at={createdAt} />
          </Fact>
        )}
        {mergedAt !== undefined && (
          <Fact name="Merged">
            <Moment at={mergedAt} />
          </Fact>
        )}
        {closedAt !== undefined && mergedAt === undefined && (
          <Fact name="Closed">
            <Moment at={closedAt} />
          </Fact>
        )}
        {headSHA !== undefined && (
          <Fact name="Head">
            <code>{visible(headSHA.slice(0, 12))}</code>
          </Fact>
        )}
        {humanCommits === true && <Fact name="Commits">somebody else has committed to it, too</Fact>}
      </Facts>
    </>
  );
}
