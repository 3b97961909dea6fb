import { existsSync } from "node:fs";
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { git, run } from "./command.ts";

export const zero = "0".repeat(40);

/** One thing that a name points at. */
export interface Ref {
  readonly name: string;
  readonly sha: string;
  readonly type: string;
}

/** A bare repository on disk. */
export class Bare {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** Makes it where it is not there yet; answers whether it did. */
  async create(defaultBranch: string): Promise<boolean> {
    if (existsSync(join(this.dir, "HEAD"))) return false;
    await mkdir(this.dir, { recursive: true });
    await git(this.dir, ["init", "--quiet", "--bare", `--initial-branch=${defaultBranch}`, "--template="]);
    await appendFile(join(this.dir, "config"), settings);
    return true;
  }

  /** The commit of a full ref name. */
  async tip(ref: string): Promise<string | undefined> {
    if (!isRefName(ref)) return undefined;
    const { code, stdout } = await run(this.dir, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
    return code === 0 ? stdout.toString("utf8").trim() : undefined;
  }

  /** The commit that a branch, a tag, HEAD or a SHA names. */
  async commitOf(name: string): Promise<string | undefined> {
    return (await this.tip(`refs/heads/${name}`)) ?? (await this.tip(`refs/tags/${name}`)) ?? (await this.tip(name));
  }

  async refs(prefix: string): Promise<readonly Ref[]> {
    const lines = await git(this.dir, ["for-each-ref", "--format=%(refname) %(objectname) %(objecttype)"]);
    const all = lines.split("\n").flatMap((line) => {
      const [name, sha, type] = line.split(" ");
      return name === undefined || sha === undefined || type === undefined ? [] : [{ name, sha, type }];
    });
    return all.filter(({ name }) => name.startsWith(prefix));
  }

  async isAncestor(old: string, later: string): Promise<boolean> {
    return (await run(this.dir, ["merge-base", "--is-ancestor", old, later])).code === 0;
  }

  async update(ref: string, sha: string): Promise<void> {
    await git(this.dir, sha === zero ? ["update-ref", "-d", ref] : ["update-ref", ref, sha]);
  }
}

/** As GitHub: any commit can be fetched, and partly; nobody pushes to the names of pull requests. */
const settings = `[http]
  receivepack = true
[uploadpack]
  allowAnySHA1InWant = true
  allowFilter = true
[receive]
  hideRefs = refs/pull
  fsckObjects = true
[gc]
  auto = 0
`;

/** A name that git takes for a ref and never for an expression or an option. */
export function isRefName(name: string): boolean {
  return /^[^\s~^:?*[\\\p{Cc}-][^\s~^:?*[\\\p{Cc}]*$/u.test(name) && !/\.\.|@\{|\/\/|\.lock(\/|$)|[./]$/.test(name);
}

/** Where a repository lies below the folder of all. The scenario's schema keeps both names harmless. */
export function bareOf(root: string, { owner, name }: { readonly owner: string; readonly name: string }): Bare {
  return new Bare(join(root, owner.toLowerCase(), `${name.toLowerCase()}.git`));
}
