/** What a reason says to a person, in whole sentences. */
export interface Explanation {
  /** What happened. */
  readonly meaning: string;
  /** What stays of work, money and objects. */
  readonly kept: string;
  /** The kubectl command that shows more; words in capitals stand for names. */
  readonly look: string;
  /** What to do next. */
  readonly next: string;
}
