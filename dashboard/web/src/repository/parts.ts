/** The code of a repository's page and of its large tabs, each loaded once. */
export const parts = {
  page: () => import("./page.tsx"),
  diff: () => import("./diff/view.tsx"),
  transcript: () => import("./transcript/view.tsx"),
} as const;
