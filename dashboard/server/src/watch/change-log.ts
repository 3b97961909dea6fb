/** One object that changed; what it is now is read from the catalogue. */
export interface ObjectChange {
  readonly sequence: number;
  readonly what: "batch" | "repository";
  readonly namespace: string;
  readonly name: string;
  /** BatchChange that it belongs to; its own name for one. */
  readonly batchChange: string;
  readonly gone: boolean;
}

/** The newest changes in order, so that a stream that broke can go on where it was. */
export class ChangeLog {
  readonly #most: number;
  #changes: ObjectChange[] = [];
  #sequence = 0;

  constructor(most = 20_000) {
    this.#most = most;
  }

  get sequence(): number {
    return this.#sequence;
  }

  add(change: Omit<ObjectChange, "sequence">): ObjectChange {
    this.#sequence += 1;
    const numbered = { ...change, sequence: this.#sequence };
    this.#changes.push(numbered);
    if (this.#changes.length > this.#most * 2) this.#changes = this.#changes.slice(-this.#most);
    return numbered;
  }

  /** Changes after a number, or undefined when some of them are forgotten. */
  since(sequence: number): readonly ObjectChange[] | undefined {
    const first = this.#changes[0]?.sequence ?? this.#sequence + 1;
    if (sequence < first - 1 || sequence > this.#sequence) return undefined;
    return this.#changes.slice(sequence - first + 1);
  }
}
