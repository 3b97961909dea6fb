import { flooredPercent } from "./percent.ts";

interface ProgressBarProps {
  readonly finished: number;
  readonly failed: number;
  readonly total: number;
  /** Without the percentage, where it stands beside it already. */
  readonly isBare?: boolean;
}

/** How much is finished; the failed part has a pattern of its own. */
export function ProgressBar({ finished, failed, total, isBare = false }: ProgressBarProps) {
  const percent = flooredPercent(finished, total);
  const good = total === 0 ? 0 : ((finished - failed) / total) * 100;
  const bad = total === 0 ? 0 : (failed / total) * 100;
  return (
    <span className="cb-progress" title={`${finished} of ${total} finished, ${failed} failed`}>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect className="cb-progress-rest" width="100" height="6" />
        <rect className="cb-progress-good" width={good} height="6" />
        <rect className="cb-progress-bad" x={good} width={bad} height="6" />
      </svg>
      <span className="cb-number">
        {finished}/{total} {!isBare && <span className="cb-dim">{percent}%</span>}
      </span>
    </span>
  );
}
