/** Words that thousands of objects share are kept once: namespaces, phases, reasons, names of batches. */
export class Words {
  readonly #known = new Map<string, string>();

  one(word: string): string {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    // Names come and go; what is forgotten is only kept twice for a while.
    if (this.#known.size > 20_000) this.#known.clear();
    this.#known.set(word, word);
    return word;
  }
}
