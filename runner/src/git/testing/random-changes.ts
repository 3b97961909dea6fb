import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

type Random = (most: number) => number;

/** Numbers from 0 to below `most`, the same for the same seed (a linear congruence). */
export function seeded(seed: number): Random {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

/** Few names, so that files become folders, folders files, and what was deleted comes back. */
export const oddNames = ["a", "a.c", "a-b", "b", "run", "link", "ünï", "-rf", ":(top)", 'q"uote', "new\nline", "tab\t", "*", " ", "é世🙂"];

/** Changes a work tree as tools do, at random, and tells the paths. */
export class RandomChanges {
  readonly #root: string;
  readonly #random: Random;
  readonly #names: readonly string[];

  constructor(root: string, random: Random, names: readonly string[]) {
    this.#root = root;
    this.#random = random;
    this.#names = names;
  }

  /** One change; the paths that it would touch, and how it is made. */
  next(): { readonly paths: readonly string[]; readonly make: () => void } {
    const [path, other] = [this.#path(), this.#path()];
    const isFile = this.#kind(path) === "file";
    const kind = this.#random(isFile ? 6 : 2);
    if (kind === 5 || kind === 4) return { paths: [path], make: () => rmSync(this.#at(path)) };
    if (kind === 3 && !existsSync(this.#at(other)) && this.#isFree(other))
      return { paths: [path, other], make: () => this.#move(path, other) };
    if (!this.#isFree(path)) return this.next();
    const content = this.#content(isFile ? readFileSync(this.#at(path), "utf8") : "");
    return { paths: [path], make: () => this.#write(path, content) };
  }

  #kind(path: string): "file" | "folder" | undefined {
    if (!existsSync(this.#at(path))) return undefined;
    return lstatSync(this.#at(path)).isFile() ? "file" : "folder";
  }

  #at(path: string): string {
    return join(this.#root, path);
  }

  #path(): string {
    const parts = Array.from({ length: 1 + this.#random(3) }, () => this.#names[this.#random(this.#names.length)]);
    return parts.join("/");
  }

  /** No file lies above, and no folder with something in it there. */
  #isFree(path: string): boolean {
    const above = path.split("/").map((_, index, parts) => parts.slice(0, index).join("/"));
    if (above.slice(1).some((folder) => this.#kind(folder) === "file")) return false;
    if (this.#kind(path) !== "folder") return true;
    try {
      rmdirSync(this.#at(path));
      return true;
    } catch {
      return false;
    }
  }

  #content(before: string): string {
    const lines = `${before}line ${this.#random(5)}\n`.split("\n");
    const kind = this.#random(5);
    if (kind === 0) return Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join("");
    if (kind === 1) return lines.slice(this.#random(lines.length)).join("\n");
    if (kind === 2) return "";
    return kind === 3 ? before.replaceAll("\n", "\r\n") : lines.join("\n");
  }

  #write(path: string, content: string): void {
    mkdirSync(dirname(this.#at(path)), { recursive: true });
    writeFileSync(this.#at(path), content);
  }

  #move(from: string, to: string): void {
    mkdirSync(dirname(this.#at(to)), { recursive: true });
    renameSync(this.#at(from), this.#at(to));
  }
}
