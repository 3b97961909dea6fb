import { cut, visible } from "./visible.ts";

/**
 * Text of a model or a repository as one line of a title or a commit message, where there is no markup to quote with. Nobody is
 * mentioned, no issue is referred to and no address is whole, so nobody is called and nothing is closed.
 */
export function plain(text: string, most: number): string {
  const line = visible(text).replaceAll(/\s+/g, " ").trim();
  return cut(line, most)
    .replaceAll(/[a-z][a-z0-9+.-]*:\/\//gi, "")
    .replaceAll(/([@#＠＃])(?=[^\s])/g, "$1 ")
    .replaceAll(/\bGH-(?=\d)/gi, "GH ");
}
