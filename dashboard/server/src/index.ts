/** The API server grants rights on these resources of ours; those with a slash exist for access reviews alone. */
export const reviewed = {
  list: "batchchanges",
  transcript: "batchchanges/transcript",
  patch: "batchchanges/patch",
  cost: "batchchanges/cost",
} as const;
