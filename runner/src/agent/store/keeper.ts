import { link, rm } from "node:fs/promises";
import { join } from "node:path";
import { patchDigest, type RunPatch, type RunProgress, type RunUsage } from "@codybatch/crds";
import type { Patch, Patcher } from "../../git/index.ts";
import { errorCode, Page, writeAtomic } from "../../out/index.ts";
import type { Workspace } from "../tools/workspace.ts";
import type { Redaction } from "./redact.ts";
import type { Transcript } from "./transcript.ts";

interface KeeperParts {
  readonly outDir: string;
  readonly workspace: Workspace;
  readonly patcher: Patcher;
  readonly transcript: Transcript;
  readonly redaction: Redaction;
  readonly now: () => number;
}

interface Doing {
  readonly turn: number;
  readonly activity: string;
  readonly usage: RunUsage;
  readonly inFlightNanoUSD: number;
}

/** Keeps `change.patch` and `progress` equal to the work done so far. */
export class Keeper {
  readonly #parts: KeeperParts;
  readonly #page: Page;
  #stored: RunPatch | undefined;
  /** Digest of the patch that the progress on the disk names. */
  #told: string | undefined;
  #secret = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#page = new Page(join(parts.outDir, "progress"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#page[Symbol.asyncDispose]();
  }

  /** The patch on the disk; undefined: nothing is changed. */
  get patch(): RunPatch | undefined {
    return this.#stored;
  }

  /** True when the last patch held a literal secret of this pod and was therefore not stored. */
  get heldSecret(): boolean {
    return this.#secret;
  }

  /** Makes the patch anew from the whole work tree and stores it when it differs from the stored one. What decides over a run takes this one. */
  async keepPatch(): Promise<Patch> {
    return await this.#keep(await this.#parts.patcher.whole());
  }

  /** The same after a turn, from the files alone that the tools have touched. */
  async refreshPatch(): Promise<Patch> {
    return await this.#keep(await this.#parts.patcher.refresh());
  }

  async #keep(made: Patch): Promise<Patch> {
    this.#secret = this.#parts.redaction.finds(made.patch);
    if (!this.#secret) await this.#store(made);
    return made;
  }

  /** `inFlightNanoUSD` is the most that the request under way can cost, 0 when there is none. */
  async keepProgress({ turn, activity, usage, inFlightNanoUSD }: Doing): Promise<void> {
    const { redaction, now } = this.#parts;
    const progress: RunProgress = {
      version: 1,
      turn,
      activity: redaction.text(activity).slice(0, 200),
      usage,
      inFlightNanoUSD,
      ...(this.#stored === undefined ? {} : { patch: this.#stored }),
      updatedAt: new Date(now()).toISOString(),
    };
    // Twice a turn, so not synced: with a machine that dies the pod is lost, and a lost pod counts its whole reservation.
    await this.#page.write(JSON.stringify(progress));
    this.#told = progress.patch?.digest;
  }

  async #store({ patch, tree, filesChanged, additions, deletions }: Patch): Promise<void> {
    const { outDir, transcript, workspace } = this.#parts;
    const { baseCommit } = workspace.worktree;
    const digest = patchDigest(baseCommit, patch);
    if (patch.length === 0 ? this.#stored === undefined : this.#stored?.digest === digest) return;
    if (this.#told === this.#stored?.digest) await this.#keepEarlier();
    await writeAtomic(join(outDir, "change.patch"), patch);
    const stored = { digest, baseCommit, tree, bytes: patch.length, filesChanged, additions, deletions };
    this.#stored = patch.length === 0 ? undefined : stored;
    await transcript.add({ kind: "patch", digest, bytes: patch.length, filesChanged });
  }

  /** Until the progress is written anew it names the patch that is about to be replaced: a recorder must still find that one. */
  async #keepEarlier(): Promise<void> {
    const { outDir } = this.#parts;
    await rm(join(outDir, "earlier.patch"), { force: true });
    await link(join(outDir, "change.patch"), join(outDir, "earlier.patch")).catch(unlessNone);
  }
}

function unlessNone(error: unknown): void {
  if (errorCode(error) !== "ENOENT") throw error;
}
