import { join } from "node:path";
import { initialise, fetchBase } from "../../clone/fetch.ts";
import { git, GitError, type GitOptions } from "../../git/index.ts";
import type { Transport } from "./transport.ts";

/** What of the host's repository lies here: single commits without history, and nothing checked out. */
export class Copy {
  readonly transport: Transport;
  readonly #maxBytes: number;

  private constructor(transport: Transport, maxBytes: number) {
    this.transport = transport;
    this.#maxBytes = maxBytes;
  }

  static async make(transport: Transport, like: string, maxBytes: number): Promise<Copy> {
    const copy = new Copy(transport, maxBytes);
    await initialise(copy.gitDir, reference(like), transport.local);
    return copy;
  }

  get gitDir(): string {
    return join(this.transport.local.objects, "repo.git");
  }

  get options(): GitOptions {
    return { ...this.transport.local, gitDir: this.gitDir, cwd: this.transport.local.home };
  }

  /** The commits at the ends of these branches; one that is not there is missing. */
  async tips(branches: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const names = branches.map((branch) => `refs/heads/${branch}`);
    const { url } = this.transport;
    const { stdout } = await this.transport.speak("repeatable", async (options) => await git(["ls-remote", "--", url, ...names], options));
    const rows = stdout
      .toString("utf8")
      .split("\n")
      .map((row) => row.split("\t"));
    // A name also finds what ends with it.
    return new Map(rows.flatMap(([sha = "", name = ""]) => (names.includes(name) ? [[name.slice("refs/heads/".length), sha]] : [])));
  }

  /** Fetches one commit with its files; false when the host does not have it. */
  async fetch(sha: string): Promise<boolean> {
    const { url } = this.transport;
    const limits = { maxBytes: this.#maxBytes };
    try {
      await this.transport.speak(
        "repeatable",
        async (options) => await fetchBase(url, reference(sha), limits, { ...options, gitDir: this.gitDir }),
      );
      return true;
    } catch (error) {
      if (error instanceof GitError && isGone(error)) return false;
      throw error;
    }
  }
}

export function isGone({ stderr }: GitError): boolean {
  return /not our ref|couldn't find remote ref|unadvertised object/i.test(stderr);
}

function reference(sha: string) {
  return { name: sha, branch: "", objectFormat: sha.length === 64 ? "sha256" : "sha1" } as const;
}
