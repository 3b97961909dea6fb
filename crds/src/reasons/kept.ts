/** What stays when something stops. */
export const kept = {
  work: "The patch, the transcript and the cost of the work so far are stored.",
  results: "Patches, transcripts and costs are stored.",
  unpaid: "Nothing was asked of Claude, so nothing was spent.",
  notStarted: "This attempt has not started and costs nothing yet; earlier results stay.",
  stored: "All that was stored and spent before stays, and running attempts end as usual.",
  lastTenSeconds: "All but about the last ten seconds of work; what the request in flight may have cost is charged.",
  reservation: "What had arrived in storage. Where nobody knows the cost, the whole reservation of the attempt is charged.",
} as const;
