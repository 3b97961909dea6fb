import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "@codybatch/operator";
import type { BatchEntry } from "../watch/batch-entry.ts";
import type { Catalogue } from "../watch/catalogue.ts";
import type { RepositoryEntry } from "../watch/repository-entry.ts";
import { leftOver } from "./left-over.ts";
import { Sums } from "./sum.ts";

/** What one batch used. */
interface Book {
  /** Attempts that are listed, by the day on which they ended. */
  readonly days: Sums;
  /** The others, by the day on which their repository was made. */
  readonly undated: Sums;
}

/** How long other requests may have to wait, in milliseconds. */
const longestTurn = 8;

/** What each batch used, summed when it is first asked for and again once one of its repositories changed. Knows nothing of rights: who asks names the batches. */
export class Ledger {
  readonly #catalogue: Pick<Catalogue, "repositoriesOf">;
  readonly #clock: Pick<Clock, "now">;
  readonly #books = new Map<string, Book>();

  constructor(catalogue: Pick<Catalogue, "repositoriesOf" | "onChange">, clock: Pick<Clock, "now">) {
    [this.#catalogue, this.#clock] = [catalogue, clock];
    catalogue.onChange(({ what, namespace, batchChange, gone }) => {
      if (what === "repository" || gone) this.#books.delete(keyOf(namespace, batchChange));
    });
  }

  of({ metadata: { namespace, name } }: BatchEntry): Book {
    const key = keyOf(namespace, name);
    const known = this.#books.get(key);
    if (known !== undefined) return known;
    const book = bookOf(this.#catalogue.repositoriesOf(namespace, name));
    this.#books.set(key, book);
    return book;
  }

  /** Sums up what is missing, a few milliseconds at a time. */
  async prepare(batches: readonly BatchEntry[]): Promise<void> {
    let since = this.#clock.now();
    for (const batch of batches) {
      this.of(batch);
      if (this.#clock.now() - since < longestTurn) continue;
      await nextTurn();
      since = this.#clock.now();
    }
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function bookOf(repositories: readonly RepositoryEntry[]): Book {
  const book = { days: new Sums(), undated: new Sums() };
  for (const entry of repositories) {
    for (const { day, used } of entry.days) book.days.of(day).add(used);
    const rest = leftOver(entry);
    if (rest !== undefined) book.undated.of(entry.metadata.creationTimestamp.slice(0, 10)).add(rest);
  }
  return book;
}
