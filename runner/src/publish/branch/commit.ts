import type { PublishInput } from "@codybatch/crds";
import { git, type GitOptions } from "../../git/index.ts";
import type { SigningKey } from "../signing/key.ts";
import { signedCommit } from "../signing/signature.ts";
import { trailerKey } from "../text/texts.ts";

/** What of a commit tells whose it is and what it holds. */
export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly authorEmail: string;
  readonly committerEmail: string;
  /** Seconds since 1970. */
  readonly committedAt: number;
  /** Value of our trailer. */
  readonly trailer: string | undefined;
}

/** Reads a commit's own bytes: in a shallow repository git would hide its parents. */
export async function readCommit(sha: string, options: GitOptions): Promise<Commit> {
  const { stdout } = await git(["cat-file", "commit", sha], options);
  return parseCommit(sha, stdout.toString("utf8"));
}

export function parseCommit(sha: string, text: string): Commit {
  const end = text.indexOf("\n\n");
  const head = (end === -1 ? text : text.slice(0, end)).split("\n");
  const message = end === -1 ? "" : text.slice(end + 2);
  const all = (name: string): readonly string[] =>
    head.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
  const [author, committer] = [who(all("author")[0]), who(all("committer")[0])];
  return {
    sha,
    tree: all("tree")[0] ?? "",
    parents: all("parent"),
    authorEmail: author.email,
    committerEmail: committer.email,
    committedAt: committer.at,
    trailer: trailerIn(message),
  };
}

function who(line = ""): { readonly email: string; readonly at: number } {
  const [, email = "", at = "0"] = /<([^>]*)> (\d+)/.exec(line) ?? [];
  return { email, at: Number(at) };
}

/** Value of our trailer in a message; trailers stand in the last paragraph. */
export function trailerIn(message: string): string | undefined {
  const last =
    message
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? "";
  const line = last.split("\n").findLast((one) => one.startsWith(`${trailerKey}: `));
  return line?.slice(trailerKey.length + 2).trim();
}

type Ours = Pick<PublishInput, "namespace" | "batchChange" | "author" | "known">;

/** Whether this batch made it, in this or an earlier life: the Changeset's name changes when a batch is deleted and applied again. */
export function isOurs(commit: Pick<Commit, "sha" | "authorEmail" | "committerEmail" | "trailer">, batch: Ours): boolean {
  const { namespace, batchChange, author, known } = batch;
  if (commit.sha === known?.headSHA) return true;
  // Somebody who amends our commit keeps its message and author, but not its committer.
  const byUs = commit.authorEmail === author.email && commit.committerEmail === author.email;
  return byUs && commit.trailer?.startsWith(`${namespace}/${batchChange}/`) === true;
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

/** What a commit is made with besides its content: its author and date, and perhaps a key that signs it. */
export interface Making {
  readonly input: Pick<PublishInput, "author" | "date">;
  readonly signingKey: SigningKey | undefined;
}

/** Makes a commit whose SHA depends on nothing but the input and the key: author, committer and date are its own, and a signature of the same bytes is the same. */
export async function writeCommit(wanted: NewCommit, { input, signingKey }: Making, options: GitOptions): Promise<string> {
  const sha = await writeUnsigned(wanted, input, options);
  if (signingKey === undefined) return sha;
  const { stdout: commit } = await git(["cat-file", "commit", sha], options);
  const signed = signedCommit(signingKey, commit, sha.length === 64 ? "sha256" : "sha1");
  const { stdout } = await git(["hash-object", "-t", "commit", "-w", "--stdin"], { ...options, input: signed });
  return stdout.toString("latin1").trim();
}

async function writeUnsigned(
  { tree, parents, message }: NewCommit,
  { author, date }: Making["input"],
  options: GitOptions,
): Promise<string> {
  const at = `${Math.floor(Date.parse(date) / 1000)} +0000`;
  const identity = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: at,
  };
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])];
  const { stdout } = await git(args, { ...options, env: { ...options.env, ...identity }, input: message });
  return stdout.toString("latin1").trim();
}
