/** What a token may do, by GitHub's names; `write` includes `read`. */
export const permissionNames = ["actions", "checks", "contents", "issues", "metadata", "pull_requests", "statuses", "workflows"] as const;
export type PermissionName = (typeof permissionNames)[number];
export type Level = "read" | "write";
export type Permissions = Readonly<Partial<Record<PermissionName, Level>>>;

/** Whether what is granted covers what is wanted. */
export function covers(granted: Level | undefined, wanted: Level): boolean {
  return granted === "write" || granted === wanted;
}
