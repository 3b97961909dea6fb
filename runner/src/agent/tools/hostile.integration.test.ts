import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeRepository, makeWorktree, temporary, writeFiles } from "../../git/testing/repository.ts";
import { ripgrepPath } from "../testing/ripgrep.ts";
import { fileTools } from "./catalogue.ts";
import type { Tool } from "./tool.ts";
import { openWorkspace } from "./workspace.ts";

const canary = "canary-7f3a-must-never-be-seen";
const root = temporary();
let tree: string;
let tools: readonly Tool[];
let server: Server;

beforeAll(async () => {
  makeRepository(join(root.path, "origin"), (directory) => {
    writeFiles(directory, { "file.txt": "text\n", "sub/deep/file.txt": "text\n", ".gitignore": "dist/\n" });
    symlinkSync("../canary/secret.txt", join(directory, "planted"));
  });
  const worktree = await makeWorktree(root.path, join(root.path, "origin"));
  tree = worktree.workTree;
  writeFiles(join(root.path, "canary"), { "secret.txt": `${canary}\n`, "sub/secret.txt": `${canary}\n` });
  writeFiles(`${tree}-beside`, { "secret.txt": `${canary}\n` });
  // As a process that came between the calls could lay them: links and special files that git would never have written.
  for (const [name, target] of Object.entries(planted())) symlinkSync(target, join(tree, name));
  mkdirSync(join(tree, ".git"));
  writeFileSync(join(tree, ".git/config"), `${canary}\n`);
  writeFileSync(join(tree, "sub/.GiT"), `${canary}\n`);
  const program = "mkfifo";
  execFileSync(program, [join(tree, "pipe"), join(tree, "sub/pipe")]);
  server = createServer();
  await new Promise<void>((resolve) => server.listen(join(tree, "socket"), resolve));
  tools = fileTools(await openWorkspace(worktree, { ripgrep: ripgrepPath(), tmpDir: root.path }));
});
afterAll(() => {
  server.close();
  rmSync(`${tree}-beside`, { recursive: true });
  root[Symbol.dispose]();
});

function planted(): Readonly<Record<string, string>> {
  const out = join(root.path, "canary");
  return {
    out,
    "out.txt": join(out, "secret.txt"),
    up: "..",
    "sub/up": "../..",
    "sub/here": ".",
    "sub/new": join(out, "made-through-a-link"),
    device: "/dev/zero",
    environ: "/proc/self/environ",
    loop: "loop",
  };
}

/** Kind, mode, content and time of all below a folder, told in a few letters. */
function printOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()) {
    const stat = lstatSync(join(folder, name));
    hash.update(`${name}\0${stat.mode}\0${stat.ino}\0${stat.mtimeMs}\0`);
    if (stat.isSymbolicLink()) hash.update(readlinkSync(join(folder, name)));
    if (stat.isFile()) hash.update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex");
}

/** What lies outside of the work tree and what within it is git's own or no regular file. */
function outside(): readonly string[] {
  const folders = [
    join(root.path, "canary"),
    `${tree}-beside`,
    join(root.path, "repo.git/refs"),
    join(root.path, "origin"),
    join(tree, ".git"),
  ];
  const specials = [...Object.keys(planted()), "pipe", "sub/pipe", "socket", "sub/.GiT"].map((name) => {
    const { ino, mode } = lstatSync(join(tree, name));
    return `${name} ${ino} ${mode}`;
  });
  return [...folders.map(printOf), ...specials];
}

/** Seeded, so that a failure can be repeated. */
function seeded(seed: number): (most: number) => number {
  let state = seed;
  return (most) => (state = (state * 48_271) % 2_147_483_647) % most;
}
const random = seeded(20_261_121);
const pick = <Value>(values: readonly Value[]): Value => values[random(values.length)]!;

const git = [
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
const shapes: readonly (() => string)[] = [
  () => `${pick(above)}/${pick(below)}`,
  () => `/${pick(["dev/zero", "dev/tty", "proc/self/environ", "etc/passwd", "proc/1/root"])}`,
  () => `${root.path}/${pick(below)}`,
  () => `//${root.path}/${pick(below)}`,
  () => `${pick(git)}/${pick(below)}`,
  () => `sub/${pick(git)}`,
  () => pick(git),
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
  () => `~/${pick(git)}`,
  () => `${pick(["file://", "C:\\", "\\\\host\\", "|", "$(id)", "`id`", "-"])}${pick(git)}`,
  () =>
    String.fromCodePoint(...Array.from({ length: 1 + random(20) }, () => pick([random(32), 0x2f, 0x2e, 0x5c, 0x200b + random(6), 0xd7ff]))),
];

/** One path, or one mounted on another, which makes parts meet that no list thought of. */
function path(): string {
  const one = pick(shapes)();
  return random(4) === 0 && !one.includes(root.path) ? `${pick(["sub", ".", "sub/deep", pick(links)])}/${one}` : one;
}

const others: readonly unknown[] = [undefined, null, 7, {}, [], true, ["file.txt"], { toString: "file.txt" }];
const inputs: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
  read_file: () => ({ path: path(), ...(random(5) === 0 ? { offset: random(1e6), limit: random(1e6) } : {}) }),
  edit_file: () => ({ path: path(), old_text: pick([canary, "text", "x"]), new_text: pick(["", "y", "z".repeat(random(50_000))]) }),
  write_file: () => ({ path: path(), content: pick(["", "made\n", "x".repeat(random(50_000)), "\0"]) }),
  move_file: () => (random(2) === 0 ? { from: path(), to: path() } : { from: pick(["file.txt", path()]), to: path() }),
  delete_file: () => ({ path: path() }),
  list_files: () => ({ path: path() }),
  search_code: () => ({ pattern: pick([canary, ".", "--follow", "-uuu"]), path: path(), ...(random(4) === 0 ? { glob: pick(git) } : {}) }),
};

/** Now and then an input of another shape than the schema's. */
function inputOf(name: string): unknown {
  const input = inputs[name]!();
  if (random(50) !== 0) return input;
  const [key] = Object.keys(input);
  return random(2) === 0 ? pick(others) : { ...input, [key!]: pick(others) };
}

const cases: readonly (readonly [string, number])[] = [
  ["read_file", 10_000],
  ["edit_file", 6000],
  ["write_file", 1000],
  ["move_file", 1000],
  ["delete_file", 1000],
  ["list_files", 1000],
  ["search_code", 1000],
];

it.each(cases)("%s shows and changes nothing outside of the work tree, whatever it is asked for: %i random calls", async (name, count) => {
  const tool = tools.find((candidate) => candidate.name === name)!;
  const before = outside();
  for (let call = 0; call < count; call += 1) {
    const input = inputOf(name);
    const { text, fault } = await tool.call(input);
    const told = JSON.stringify(input) ?? "";
    const leaks = text.includes(canary) || (text.includes(root.path) && !told.includes(root.path));
    expect(leaks || fault !== undefined ? { told: told.slice(0, 500), text: text.slice(0, 500), fault } : "harmless").toBe("harmless");
  }
  expect(outside()).toEqual(before);
  expect(existsSync(join(root.path, "canary/made-through-a-link"))).toBe(false);
});

it("all of that is at least 20,000 calls", () => {
  expect(cases.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThanOrEqual(20_000);
});
