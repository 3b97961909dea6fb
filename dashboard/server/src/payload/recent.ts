/** Contents that were used last, up to so many bytes in all; what is longer than a quarter of that is not kept. */
export class RecentBytes {
  readonly #most: number;
  readonly #contents = new Map<string, Buffer>();
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Buffer | undefined {
    const content = this.#contents.get(key);
    if (content === undefined) return undefined;
    // A Map remembers the order of insertion: the first is the one that was not used for longest.
    this.#contents.delete(key);
    this.#contents.set(key, content);
    return content;
  }

  set(key: string, content: Buffer): void {
    if (content.length > this.#most / 4 || this.#contents.has(key)) return;
    this.#contents.set(key, content);
    this.#bytes += content.length;
    for (const [oldest, { length }] of this.#contents) {
      if (this.#bytes <= this.#most) return;
      this.#contents.delete(oldest);
      this.#bytes -= length;
    }
  }
}
