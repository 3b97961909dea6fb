/** One sentence that says what a reason means, and one that says what to do about it. */
export interface Explanation {
  readonly meaning: string;
  readonly next: string;
}
