import { makePatch, type Patch } from "./patch.ts";
import { QuickPatch } from "./quick-patch.ts";
import { UnusualChange } from "./unusual.ts";
import type { Worktree } from "./worktree.ts";

interface PatcherParts {
  readonly worktree: Worktree;
  readonly tmpDir: string;
  /** Paths that were written, moved or deleted; whoever changes the work tree adds them, and the patcher takes them out. */
  readonly touched: Set<string>;
}

/** Makes the patch of one work tree again and again. Ends its processes when it is disposed of. */
export class Patcher implements Disposable {
  readonly #parts: PatcherParts;
  /** The last patch; the work tree differs from its tree in nothing but the touched paths. */
  #last: Patch | undefined;
  #quick: QuickPatch | undefined;
  #slow = false;

  constructor(parts: PatcherParts) {
    this.#parts = parts;
  }

  /** The patch of the whole work tree, whoever changed it. */
  async whole(): Promise<Patch> {
    const { worktree, tmpDir, touched } = this.#parts;
    this.#last = undefined;
    const patch = await makePatch(worktree, tmpDir);
    touched.clear();
    this.#last = patch;
    return patch;
  }

  /** The same patch, made from the touched paths alone where that is possible. */
  async refresh(): Promise<Patch> {
    return (await this.#fromTouched()) ?? (await this.whole());
  }

  [Symbol.dispose](): void {
    this.#slow = true;
    this.#quick?.[Symbol.dispose]();
    this.#quick = undefined;
  }

  async #fromTouched(): Promise<Patch | undefined> {
    if (this.#slow || this.#last === undefined) return undefined;
    try {
      const quick = (this.#quick ??= await this.#openQuick(this.#last));
      const patch = await quick.make(this.#last.tree, this.#parts.touched);
      this.#parts.touched.clear();
      this.#last = patch;
      return patch;
    } catch (error) {
      // A process that died stays dead, and no other fault is worth a second try: the whole way is always right.
      if (!(error instanceof UnusualChange)) this[Symbol.dispose]();
      return undefined;
    }
  }

  /** Proves itself on what is known before it is believed. */
  async #openQuick(known: Patch): Promise<QuickPatch> {
    const { worktree, tmpDir } = this.#parts;
    const quick = await QuickPatch.open(worktree, tmpDir);
    try {
      const again = await quick.make(known.tree, []);
      if (again.tree !== known.tree || !again.patch.equals(known.patch)) throw new Error("the quick patch is not the whole one");
      if (this.#slow) throw new Error("the patcher was disposed of meanwhile");
      return quick;
    } catch (error) {
      quick[Symbol.dispose]();
      throw error;
    }
  }
}
