import type { DiscoverResult, PublishRefusal, PublishResult, RunReason, RunResult, TrackResult } from "@codybatch/crds";
import type { Failed } from "../github/failed.ts";
import type { Ending } from "./ending.ts";
import type { MintRefusalKind } from "./refusal.ts";
import type { Task } from "./task.ts";

/** When it began and ended, as in every result. */
export interface Times {
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** What the container that follows would have written: it finds its result there, and ends. */
export function resultOf(
  task: Task,
  ending: Ending,
  requests: number,
  times: Times,
): RunResult | PublishResult | DiscoverResult | TrackResult {
  const common = { version: 1, requests, ...times } as const;
  switch (task.kind) {
    case "change":
      return changeResult(ending, times);
    case "publish": {
      const outcome = outcomeOf(ending, publishReasons);
      return { ...common, task: "publish", outcome, warnings: [], requests: { api: requests, git: 0 } };
    }
    case "discover":
      return { ...common, task: "discover", outcome: outcomeOf(ending, lookReasons) };
    case "track": {
      const pullRequests = task.input.pullRequests.map(({ changeset }) => ({ changeset, kind: "Unseen" as const }));
      return { ...common, task: "track", outcome: outcomeOf(ending, lookReasons), pullRequests };
    }
  }
}

const runReasons: Readonly<Record<MintRefusalKind, RunReason>> = {
  KeyMissing: "KeyMissing",
  AppRejected: "AppRejected",
  AppNotInstalled: "AppNotInstalled",
  PermissionMissing: "RepositoryForbidden",
};
const publishReasons: Readonly<Record<MintRefusalKind, PublishRefusal>> = {
  KeyMissing: "CredentialMissing",
  AppRejected: "CredentialRejected",
  AppNotInstalled: "NotOwned",
  PermissionMissing: "PermissionMissing",
};
const lookReasons: Readonly<Record<MintRefusalKind, Extract<Failed, { readonly kind: "Refused" }>["reason"]>> = {
  KeyMissing: "CredentialMissing",
  AppRejected: "CredentialRejected",
  AppNotInstalled: "PermissionMissing",
  PermissionMissing: "PermissionMissing",
};

function outcomeOf<Reason>(ending: Ending, reasons: Readonly<Record<MintRefusalKind, Reason>>) {
  const { message } = ending;
  if (ending.kind === "Refused") return { kind: "Refused", reason: reasons[ending.refusal], message } as const;
  if (ending.kind === "RateLimited") return { kind: "RateLimited", until: new Date(ending.until).toISOString(), message } as const;
  return { kind: "Unavailable", message: `${message} It is tried again at the next run.`.slice(0, 1024) } as const;
}

/** As of a run that ends with the clone: nothing was asked of the model, so nothing was used. */
function changeResult(ending: Ending, times: Times): RunResult {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, turns: 0, costNanoUSD: 0 };
  return { version: 1, reason: runReasonOf(ending), message: ending.message, usage, warnings: [], ...times };
}

function runReasonOf(ending: Ending): RunReason {
  if (ending.kind === "Refused") return runReasons[ending.refusal];
  return ending.kind === "Fault" ? "InternalError" : "CloneFailed";
}
