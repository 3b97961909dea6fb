/** A checked-out repository whose git directory lies elsewhere, so that nothing in the work tree can configure git. */
export interface Worktree {
  readonly gitDir: string;
  readonly workTree: string;
  readonly baseCommit: string;
}
