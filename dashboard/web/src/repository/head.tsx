import type { RepositoryDetail } from "@codybatch/dashboard-contract";
import { Link } from "@tanstack/react-router";
import { counted, dollars, roughly } from "../money/format.ts";
import { PhaseBadge } from "../status/badge.tsx";
import { Fact, Facts } from "../status/facts.tsx";
import { ExternalLink } from "../text/external-link.tsx";
import { LongText } from "../text/long-text.tsx";
import { ModelText } from "../text/markdown.tsx";
import { oneLine, visible } from "../text/visible.ts";
import { Lasting, Moment } from "../time/moment.tsx";
import { withoutCommands } from "./message.ts";
import { PullRequestMark } from "./pull-request-mark.tsx";

/** What the repository is, how it stands and why. */
export function RepositoryHead({ detail }: { readonly detail: RepositoryDetail }) {
  const { row, namespace, batchChange: name, explained, message, result, progress, instructions } = detail;
  return (
    <header className="cb-page-head">
      <p className="cb-crumbs">
        <Link to="/">Batches</Link> /{" "}
        <Link to="/" search={{ namespace }}>
          {visible(namespace)}
        </Link>{" "}
        /{" "}
        <Link to="/batches/$namespace/$name" params={{ namespace, name }}>
          {visible(name)}
        </Link>
      </p>
      <div className="cb-row">
        <h1 className="cb-break">{visible(row.repository)}</h1>
        <PhaseBadge phase={row.phase} />
        {row.pullRequest !== undefined && <PullRequestMark {...row.pullRequest} phase={row.phase} />}
      </div>
      <Why explained={explained} message={message} isRunning={row.phase === "Running"} />
      {progress !== undefined && (
        <p className="cb-note" role="status">
          Turn {progress.turn}: {oneLine(progress.activity)} <Moment at={progress.updatedAt} />
        </p>
      )}
      {result !== undefined && <ModelText text={result.summary} />}
      <RepositoryFacts detail={detail} />
      {instructions !== undefined && (
        <details className="cb-commands">
          <summary>Instructions for this repository</summary>
          <LongText text={instructions} label="Instructions" />
        </details>
      )}
    </header>
  );
}

interface WhyProps extends Pick<RepositoryDetail, "explained" | "message"> {
  readonly isRunning: boolean;
}

/** The operator's own words, which know most; else what the reason means in general. How far a run is, the transcript shows. */
function Why({ explained, message, isRunning }: WhyProps) {
  const told = message === undefined ? undefined : withoutCommands(message);
  const next = isRunning ? undefined : explained?.next;
  const words = told ?? [explained?.meaning, next].filter((part) => part !== undefined).join(" ");
  if (words === "") return undefined;
  return (
    <p className="cb-break">
      {explained !== undefined && <strong>{visible(explained.reason)}: </strong>}
      {visible(words)}
    </p>
  );
}

function RepositoryFacts({ detail: { row, url, branch, result, usage } }: { readonly detail: RepositoryDetail }) {
  return (
    <Facts>
      <Fact name="Repository">
        <ExternalLink address={url}>{visible(url)}</ExternalLink>
      </Fact>
      <Fact name="Base">{visible(branch)}</Fact>
      {result !== undefined && (
        <Fact name="Diff">
          {counted(result.filesChanged, "file")} <span className="cb-add">+{result.additions}</span>{" "}
          <span className="cb-del">−{result.deletions}</span>
        </Fact>
      )}
      <Fact name="Attempts">{row.attempts}</Fact>
      <Fact name="Duration">
        <Lasting seconds={row.seconds} since={row.phase === "Running" ? row.startedAt : undefined} />
      </Fact>
      {usage !== undefined && (
        <Fact name="Cost" title={`in ${usage.input}, cache write ${usage.cacheWrite}, cache read ${usage.cacheRead}, out ${usage.output}`}>
          {dollars(usage.costUSD)}, {roughly(usage.output)} tokens out
        </Fact>
      )}
    </Facts>
  );
}
