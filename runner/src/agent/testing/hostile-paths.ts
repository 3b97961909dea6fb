type Random = (most: number) => number;

/** Seeded, so that a failure can be repeated. */
export function seeded(seed: number): Random {
  let state = seed;
  return (most) => (state = (state * 48_271) % 2_147_483_647) % most;
}

/** What some file system takes for `.git`. */
export const gitNames = [
  ".git",
  ".GIT",
  ".Git",
  ".gIt",
  ".git.",
  ".git ",
  ".git. .",
  ".git::$INDEX_ALLOCATION",
  ".g\u200Cit",
  ".gi\u200Dt",
  ".\u2060git",
  "\uFEFF.git",
  ".git\u00AD",
  "．git",
  ".ｇｉｔ",
  ".ＧＩＴ",
  "git~1",
  "GIT~1",
  ".GiT",
] as const;
const above = ["..", "../..", "..//", "./..", "sub/../..", "...", ".. ", "..\u2024", "\uFF0E\uFF0E", "%2e%2e", "..\\"] as const;
const links = ["out", "out.txt", "up", "sub/up", "sub/here", "sub/new", "device", "environ", "loop", "planted"] as const;
const special = ["pipe", "sub/pipe", "socket"] as const;
const below = [
  "canary/secret.txt",
  "canary",
  "secret.txt",
  "sub/secret.txt",
  "config",
  "hooks/pre-commit",
  "self/environ",
  "etc/passwd",
  "new",
] as const;
/** Makes paths that lead, or seem to lead, out of the work tree below `root`, or to git's own files. */
export function hostilePaths(random: Random, root: string): () => string {
  const pick = <Value>(values: readonly Value[]): Value => values[random(values.length)]!;
  const shapes: readonly (() => string)[] = [
    () => `${pick(above)}/${pick(below)}`,
    () => `/${pick(["dev/zero", "dev/tty", "proc/self/environ", "etc/passwd", "proc/1/root"])}`,
    () => `${root}/${pick(below)}`,
    () => `//${root}/${pick(below)}`,
    () => `${pick(gitNames)}/${pick(below)}`,
    () => `sub/${pick(gitNames)}`,
    () => pick(gitNames),
    () => pick(["", ".", "sub", "file.txt", "sub/deep/file.txt"]),
    () => pick(links),
    () => `${pick(links)}/${pick(below)}`,
    () => `${pick(links)}/${pick(above)}/${pick(below)}`,
    () => pick(special),
    () => `${pick(special)}/${pick(below)}`,
    () => `file.txt\0${pick(below)}`,
    () => `${pick(below)}\0`,
    () => "a/".repeat(1 + random(5000)),
    () => `${"n".repeat(256 + random(8000))}/${pick(below)}`,
    () => `../${pick(["workspace-beside", "workspace", "repo.git", "origin"])}/${pick(below)}`,
    () => `~/${pick(gitNames)}`,
    () => `${pick(["file://", "C:\\", "\\\\host\\", "|", "$(id)", "`id`", "-"])}${pick(gitNames)}`,
    () =>
      String.fromCodePoint(
        ...Array.from({ length: 1 + random(20) }, () => pick([random(32), 0x2f, 0x2e, 0x5c, 0x200b + random(6), 0xd7ff])),
      ),
  ];
  // Now and then one mounted on another, which makes parts meet that no list thought of.
  return () => {
    const one = pick(shapes)();
    return random(4) === 0 && !one.includes(root) ? `${pick(["sub", ".", "sub/deep", pick(links)])}/${one}` : one;
  };
}
