/** One request, without a word of its body or its credential. */
export interface RequestEntry {
  /** Milliseconds. */
  readonly at: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** GitHub's name of the operation, or `git/refs`, `git/fetch`, `git/push`, `graphql`, `page`, `hand`, `unknown`. */
  readonly operation: string;
  /** `owner/name` where the path names one. */
  readonly repository: string | undefined;
  /** Name of the token; undefined for nobody. */
  readonly token: string | undefined;
  /** Could have changed something. */
  readonly writes: boolean;
  /** Came before the time that the last answer to this token had asked it to wait for. */
  readonly early: boolean;
  /** Undefined while there is no answer, and for ever when the connection broke. */
  status?: number;
  /** Until when its answer asked to wait, in milliseconds. */
  waitUntil?: number;
}

/** One ref of one push. */
export interface PushEntry {
  readonly at: number;
  readonly repository: string;
  readonly ref: string;
  /** 40 zeros: it was not there. */
  readonly old: string;
  /** 40 zeros: deleted. */
  readonly new: string;
  readonly token: string;
  readonly actor: string;
  /** The old commit is no ancestor of the new one, by the objects themselves. */
  readonly forced: boolean;
  /** GitHub's reason when it was not taken. */
  readonly refused: string | undefined;
}

/** Everything that happened, for tests to look at. */
export class Journal {
  readonly requests: RequestEntry[] = [];
  readonly pushes: PushEntry[] = [];
  /** What the stand-in did that GitHub could not have done: each is a fault of the stand-in. */
  readonly mistakes: string[] = [];

  /** Requests of a token that could have changed something. */
  writesOf(token: string): readonly RequestEntry[] {
    return this.requests.filter((entry) => entry.token === token && entry.writes);
  }
}
