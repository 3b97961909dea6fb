import { Badge } from "../status/badge.tsx";
import { type Tone, words } from "../status/tone.ts";
import { ExternalLink } from "../text/external-link.tsx";

interface PullRequestMarkProps {
  readonly url: string;
  readonly number: number;
  readonly state: string;
  readonly review?: string | undefined;
  readonly checks?: string | undefined;
}

const tones = new Map<string, Tone>([
  ["open", "good"],
  ["merged", "merged"],
  ["draft", "neutral"],
  ["closed", "neutral"],
]);

/** A pull request in short: number, state, what CI and reviewers say. */
export function PullRequestMark({ url, number, state, review, checks }: PullRequestMarkProps) {
  return (
    <span className="cb-row cb-tight">
      <ExternalLink address={url}>#{number}</ExternalLink>
      <Badge tone={tones.get(state) ?? "neutral"} text={words(state)} />
      {checks !== undefined && <span className="cb-dim">CI {words(checks).toLowerCase()}</span>}
      {review !== undefined && <span className="cb-dim">review {words(review).toLowerCase()}</span>}
    </span>
  );
}
