import { isReason } from "@codybatch/crds";
import type { Finding } from "../conditions.ts";
import { passing, type Look } from "./look.ts";

/** The pull requests are not seen until a person acts; what passes by itself is in status.tracking alone. */
export function trackingFailed({ look: { status } }: { readonly look: Look }): Finding {
  const { reason, message = "" } = status ?? {};
  if (reason === undefined || !isReason(reason) || passing.includes(reason)) {
    const good = "The last look at the pull requests met no obstacle.";
    return { type: "TrackingFailed", status: "False", reason: "PullRequestsFollowed", message: good, rare: true };
  }
  return { type: "TrackingFailed", status: "True", reason, message };
}
