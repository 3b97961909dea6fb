import type { Bare } from "./bare.ts";
import { git, run } from "./command.ts";

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** A person and the moment, in milliseconds. */
interface Stamp extends Person {
  readonly at: number;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Stamp;
  readonly committer: Stamp;
  readonly message: string;
  /** The signature as git stores it, and what it signs. */
  readonly signature: { readonly armored: string; readonly payload: string } | undefined;
}

/** Reads a commit that is there, or that an environment lets git see. */
export async function readCommit(bare: Bare, sha: string, env: Readonly<Record<string, string>> = {}): Promise<Commit> {
  const text = (await run(bare.dir, ["cat-file", "commit", sha], { env })).stdout.toString("utf8");
  const end = text.indexOf("\n\n");
  const head = text.slice(0, end);
  const value = (key: string): string => new RegExp(`^${key} (.*)$`, "m").exec(head)?.[1] ?? "";
  const signed = /^gpgsig (.*(?:\n .*)*)\n?/m.exec(`${head}\n`);
  return {
    sha,
    tree: value("tree"),
    parents: [...head.matchAll(/^parent (.*)$/gm)].map(([, parent]) => parent ?? ""),
    author: stampOf(value("author")),
    committer: stampOf(value("committer")),
    message: text.slice(end + 2),
    signature:
      signed === null
        ? undefined
        : { armored: (signed[1] ?? "").replaceAll("\n ", "\n"), payload: `${head}\n`.replace(signed[0], "") + text.slice(end + 1) },
  };
}

function stampOf(line: string): Stamp {
  const [, name = "", email = "", seconds = "0"] = /^(.*) <(.*)> (\d+) [-+]\d{4}$/.exec(line) ?? [];
  return { name, email, at: Number(seconds) * 1000 };
}

interface Executable {
  readonly program: Buffer;
}

/** A file's new content; undefined deletes it. */
export type Files = Readonly<Record<string, string | Buffer | Executable | undefined>>;

export interface NewCommit {
  readonly branch: string;
  readonly files: Files;
  readonly message: string;
  readonly author: Person;
  /** Milliseconds. */
  readonly at: number;
  /** What it stands on; undefined for a first commit. */
  readonly parent: string | undefined;
}

/** Puts a commit onto a branch, as a hand in the web page does; answers its SHA. */
export async function writeCommit(bare: Bare, wanted: NewCommit): Promise<string> {
  const { branch, message, author, at, parent, files } = wanted;
  const stamp = `${author.name} <${author.email}> ${Math.floor(at / 1000)} +0000`;
  const head = `commit refs/heads/${branch}\nauthor ${stamp}\ncommitter ${stamp}\n`;
  const input = [Buffer.from(head), block(message), Buffer.from(parent === undefined ? "" : `from ${parent}\n`), ...changes(files)];
  await git(bare.dir, ["fast-import", "--quiet", "--force"], { input: Buffer.concat(input) });
  return git(bare.dir, ["rev-parse", "--verify", `refs/heads/${branch}`]);
}

function changes(files: Files): readonly Buffer[] {
  return Object.entries(files).map(([path, content]) =>
    content === undefined ? Buffer.from(`D ${JSON.stringify(path)}\n`) : written(path, content),
  );
}

function written(path: string, content: string | Buffer | Executable): Buffer {
  const [mode, bytes] = typeof content === "object" && "program" in content ? ["100755", content.program] : ["100644", content];
  return Buffer.concat([Buffer.from(`M ${mode} inline ${JSON.stringify(path)}\n`), block(bytes)]);
}

function block(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from("\n")]);
}
