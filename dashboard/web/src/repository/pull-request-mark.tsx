import { Badge } from "../status/badge.tsx";
import { type Tone, words } from "../status/tone.ts";
import { ExternalLink } from "../text/external-link.tsx";

interface PullRequestMarkProps {
  readonly url: string;
  readonly number: number;
  readonly state: string;
  readonly review?: string | undefined;
  readonly checks?: string | undefined;
  /** What stands beside it already; said once. */
  readonly phase?: string | undefined;
}

const tones = new Map<string, Tone>([
  ["open", "good"],
  ["merged", "merged"],
  ["draft", "neutral"],
  ["closed", "neutral"],
]);

const good = new Set(["Passing", "Approved"]);
const bad = new Set(["Failing", "ChangesRequested"]);

function toneClass(said: string): string {
  if (bad.has(said)) return "cb-bad";
  return good.has(said) ? "cb-add" : "cb-dim";
}

/** A pull request in short: number, state, what CI and reviewers say. */
export function PullRequestMark({ url, number, state, review, checks, phase }: PullRequestMarkProps) {
  return (
    <span className="cb-row cb-tight">
      <ExternalLink address={url}>#{number}</ExternalLink>
      {phase?.toLowerCase() !== state && <Badge tone={tones.get(state) ?? "neutral"} text={words(state)} />}
      {checks !== undefined && <span className={toneClass(checks)}>CI {words(checks).toLowerCase()}</span>}
      {review !== undefined && <span className={toneClass(review)}>review {words(review).toLowerCase()}</span>}
    </span>
  );
}
