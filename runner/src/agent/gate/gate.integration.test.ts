import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePatch, type Patch } from "../../git/index.ts";
import { makeRepository, makeWorktree, plainGit, temporary, writeBytes, writeFiles } from "../../git/testing/repository.ts";
import { type Finding, judge, reasonOf, tellModel, tellPerson, type Verdict } from "./index.ts";
import { planted } from "../../redact/testing/planted.ts";

type Fill = (directory: string) => void;

interface Story {
  readonly before?: Fill;
  readonly after: Fill;
  readonly allowPaths?: readonly string[];
  readonly said?: Readonly<Record<string, string>>;
  readonly doctor?: (patch: Patch) => Patch;
}

const literal = "hunter2-hunter2";
const nothing: Fill = () => undefined;

let root: ReturnType<typeof temporary>;
beforeEach(() => {
  root = temporary("codybatch-gate-");
});
afterEach(() => root[Symbol.dispose]());

/** What the gate says about the work tree after `after`, in a repository made by `before`. */
async function judgeStory({ before = nothing, after, allowPaths = [], said = {}, doctor }: Story): Promise<Verdict> {
  makeRepository(join(root.path, "origin"), before);
  const worktree = await makeWorktree(root.path, join(root.path, "origin"));
  after(worktree.workTree);
  const made = await makePatch(worktree, root.path);
  const holdsLiteral = (text: string): boolean => text.includes(literal);
  return await judge({ worktree, tmpDir: root.path, patch: doctor?.(made) ?? made, allowPaths, said, holdsLiteral });
}

async function findings(story: Story): Promise<readonly string[]> {
  return (await judgeStory(story)).findings.map(written);
}

function written({ reason, place, line, rule }: Finding): string {
  return `${reason} ${place}${line === undefined ? "" : `:${line}`} ${rule}`;
}

const writes =
  (files: Readonly<Record<string, string | Uint8Array>>): Fill =>
  (directory) =>
    writeFiles(directory, files);

describe("the gate lets through", () => {
  const binary = Buffer.from([0x89, 0x50, 0, 1, 2, 3, 255]);
  it.each<[string, Fill, Fill]>([
    ["an ordinary edit", writes({ "a.ts": "one\ntwo\n" }), writes({ "a.ts": "one\n2\n", "b/c.ts": "new\n" })],
    ["a removed link", (d) => symlinkSync("a", join(d, "l")), (d) => rmSync(join(d, "l"))],
    ["a removed binary file", writes({ b: binary }), (d) => rmSync(join(d, "b"))],
    ["a moved binary file", writes({ b: binary }), (d) => renameSync(join(d, "b"), join(d, "c"))],
    ["a moved script", (d) => script(d, "x", "1"), (d) => renameSync(join(d, "x"), join(d, "y"))],
    ["a moved and edited script", (d) => script(d, "x", "1"), (d) => (rmSync(join(d, "x")), script(d, "y", "other"))],
    ["an edited script", (d) => script(d, "x", "1"), (d) => script(d, "x", "2")],
    ["text in another language", nothing, writes({ "de.txt": "Grüße, 世界, Привет, שלום, مرحبا, ❤️\n" })],
    ["a byte order mark at the start", nothing, writes({ "a.cs": "\uFEFFusing System;\n" })],
    ["text in Latin-1", nothing, writes({ "a.txt": Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]) })],
    ["a name that is not UTF-8", nothing, (d) => writeBytes(d, Buffer.from([0x63, 0x61, 0x66, 0xe9]), "a\n")],
    ["odd names", nothing, writes({ ' "q"\n\t\\': "a\n", "-rf": "b\n", ":(top)": "c\n", " ": "d\n", "\x01": "e\n" })],
    ["text that looks like a patch", writes({ p: "-- a\n++ b\n" }), writes({ p: "++ /dev/null\n@@ -1,9 +1,9 @@\ndiff --git a/x b/x\n" })],
    ["nothing at all", writes({ a: "a\n" }), nothing],
  ])("%s", async (_, before, after) => {
    expect(await findings({ before, after })).toEqual([]);
  });
});

function script(directory: string, name: string, content: string): void {
  writeFileSync(join(directory, name), `#!/bin/sh\n${content}\n`, { mode: 0o755 });
}

describe("the gate refuses", () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]);
  it.each<[string, Fill, Fill, string]>([
    ["a new executable file", nothing, (d) => script(d, "x", "1"), 'PatchRefused "x" a new executable file'],
    [
      "a file that becomes executable",
      writes({ x: "1\n" }),
      (d) => chmodSync(join(d, "x"), 0o755),
      'PatchRefused "x" a change of mode from 100644 to 100755',
    ],
    ["a new binary file", nothing, writes({ b: png }), 'PatchRefused "b" a binary file'],
    ["a changed binary file", writes({ b: png }), writes({ b: Buffer.concat([png, png]) }), 'PatchRefused "b" a binary file'],
    [
      "a zero byte far into a text",
      writes({ t: `${"text\n".repeat(4000)}` }),
      writes({ t: `${"text\n".repeat(4000)}\0\n` }),
      'PatchRefused "t":4001 a binary file',
    ],
    ["text in UTF-16", nothing, writes({ u: Buffer.from("\uFEFFtext\n", "utf16le") }), 'PatchRefused "u" a binary file'],
    [
      "another target of a link",
      (d) => symlinkSync("here", join(d, "l")),
      writes({ l: "../../etc/passwd" }),
      'PatchRefused "l" a symbolic link',
    ],
    ["a repository within", nothing, (d) => void makeRepository(join(d, "sub"), writes({ a: "a\n" })), 'PatchRefused "sub" a submodule'],
  ])("%s", async (_, before, after, expected) => {
    expect(await findings({ before, after })).toContain(expected);
  });

  it("both ends of a move into, out of and between denied paths, and a denied path that goes", async () => {
    const before = writes({ ".github/workflows/a.yml": "a: 1\n", "b.yml": "b: 2\n", ".npmrc": "c=3\n", CODEOWNERS: "* @acme\n" });
    const after: Fill = (d) => {
      mkdirSync(join(d, "docs"));
      renameSync(join(d, ".github/workflows/a.yml"), join(d, "a.yml"));
      renameSync(join(d, "b.yml"), join(d, ".gitlab-ci.yml"));
      renameSync(join(d, "CODEOWNERS"), join(d, "docs/CODEOWNERS"));
      rmSync(join(d, ".npmrc"));
    };
    const denied = await findings({ before, after });
    expect(denied.map((text) => text.split(" ")[1])).toEqual([
      '".github/workflows/a.yml"',
      '".gitlab-ci.yml"',
      '".npmrc"',
      '"CODEOWNERS"',
      '"docs/CODEOWNERS"',
    ]);
  });

  it("a denied path that allowPaths does not name, beside one that it names", async () => {
    const after = writes({ ".github/workflows/a.yml": "a\n", ".npmrc": "b\n" });
    expect(await findings({ after, allowPaths: [".github/workflows/**"] })).toEqual(['PathDenied ".npmrc" **/.npmrc']);
  });

  it("a link, a mode or a binary file also where allowPaths names it", async () => {
    const after: Fill = (d) => (script(d, "x", "1"), writeFiles(d, { b: png }));
    expect(await findings({ after, allowPaths: ["**"] })).toHaveLength(2);
  });

  it("names that hide what they are, quoted so that nothing of them acts", async () => {
    const found = await findings({ after: writes({ "a\u202Etxt.exe": "a\n", "b\u200B\nc": "b\n" }) });
    expect(found).toEqual([
      String.raw`HiddenCharacters "a\u{202e}txt.exe" U+202E, bidirectional control in its name`,
      String.raw`HiddenCharacters "b\u{200b}\nc" U+200B, zero-width character in its name`,
    ]);
  });

  it("no name for what it was called before: a move keeps it", async () => {
    const after: Fill = (d) => (mkdirSync(join(d, "n")), renameSync(join(d, "a\u200Db"), join(d, "n/a\u200Db")));
    expect(await findings({ before: writes({ "a\u200Db": "text\n" }), after })).toEqual([]);
  });
});

describe("characters that hide or reorder text are refused", () => {
  const codePoints = [
    0x061c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2061, 0x2066,
    0x2067, 0x2068, 0x2069, 0x3164, 0xfe00, 0xfeff, 0xe0041, 0xe0100,
  ];

  it("each of them, with its line and code point", async () => {
    const lines = codePoints.map((codePoint) => `a${String.fromCodePoint(codePoint)}b`);
    const found = await findings({ before: writes({ "t.txt": "first\n" }), after: writes({ "t.txt": `first\n${lines.join("\n")}\n` }) });
    expect(found.map((text) => text.replace(/,.*/, ""))).toEqual(
      codePoints.map(
        (codePoint, index) => `HiddenCharacters "t.txt":${index + 2} U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`,
      ),
    );
  });

  it.each<[string, string, string, readonly number[]]>([
    ["an edit of a line that had it", "a\u200Bb = 1\n", "a\u200Bb = 2\n", []],
    ["an edit of a line that had more of it", "a\u200Bb\u200Bc\n", "a\u200Bc\n", []],
    ["one more than the line had", "a\u200Bb\n", "a\u200Bb\u200Bc\n", [1]],
    ["another than the line had", "a\u200Bb\n", "a\u202Eb\n", [1]],
    ["a second line like one that had it", "a\u200Bb\n", "x\u200Bb\ny\u200Bb\n", [2]],
    ["a line that had it but elsewhere", "a\u200Bb\nstays\nc\n", "a\nstays\nc\u200Bd\n", [3]],
    ["a line that moved as it was", "a\u202Eb\nstays\nc\n", "stays\nc\na\u202Eb\n", []],
    ["a line that had it and stays", "a\u202Eb\nc\n", "a\u202Eb\nd\n", []],
    ["a line that goes", "a\u202Eb\nc\n", "c\n", []],
    ["a byte order mark within", "a\n", "\uFEFFa\n\uFEFFb\n", [2]],
    ["two byte order marks", "a\n", "\uFEFF\uFEFFa\n", [1]],
    ["after CR alone", "a\n", "a\rb\u200B\n", [1]],
    ["a line without an end", "a\n", "a\nb\u2060", [2]],
  ])("%s", async (_, before, after, expected) => {
    const { findings: found } = await judgeStory({ before: writes({ t: before }), after: writes({ t: after }) });
    expect(found.map(({ line }) => line)).toEqual(expected);
  });

  it("in the report too", async () => {
    const found = await findings({ after: writes({ a: "a\n" }), said: { summary: "Fine \u2066so far", explanation: "All is well." } });
    expect(found).toEqual(["HiddenCharacters the report's summary U+2066, bidirectional control"]);
  });
});

describe("a secret is found", () => {
  it("of every kind, with its line, and its value is nowhere said", async () => {
    const names = Object.keys(planted);
    const file = (name: string): string => `${name}.txt`;
    const { findings: found, secrets } = await judgeStory({
      before: writes(Object.fromEntries(names.map((name) => [file(name), "one\ntwo\n"]))),
      after: writes(Object.fromEntries(names.map((name) => [file(name), `one\nkey: ${planted[name]}\ntwo\n`]))),
    });
    expect(found.map(({ reason, place, line }) => `${reason} ${place}:${line}`).toSorted()).toEqual(
      names.map((name) => `SecretFound "${file(name)}":2`).toSorted(),
    );
    const said = tellPerson(found) + tellModel(found) + JSON.stringify(found);
    for (const value of [...secrets, ...Object.values(planted)]) expect(said).not.toContain(value);
  });

  const token = planted["a GitHub token"] ?? "";
  const key = planted["an RSA key"] ?? "";
  const url = planted["a database URL"] ?? "";

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ["in a line that stays beside a change", { a: `${token}\nb\n` }, { a: `${token}\nc\n` }],
    ["in a line that changes around it", { a: `x = ${token}\n` }, { a: `y = ${token}\n` }],
    ["in a line that moves to another file", { a: `${token}\nb\n`, c: "c\n" }, { a: "b\n", c: `c\n${token}\n` }],
    ["in a URL of which only the host changes", { a: `${url}\n` }, { a: `${url.replace("db.internal", "db2.internal")}\n` }],
    ["in a file that goes", { a: `${key}\n`, b: "b\n" }, { a: "", b: "b\n" }],
    ["only in documentation", { a: "a\n" }, { a: "AKIAIOSFODNN7EXAMPLE\npostgres://user:password@localhost/db\n" }],
    [
      "only as a place to fill in",
      { a: "a\n" },
      { a: "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\nredis://:${PASSWORD}@cache\n" },
    ],
  ])("not %s", async (_, before, after) => {
    expect(await findings({ before: writes(before), after: writes(after) })).toEqual([]);
  });

  it("although a comment tells the scanner to look away", async () => {
    const after = writes({ "a.js": `// secretlint-disable\nconst t = "${planted["a GitLab token"]}"; // secretlint-disable-line\n` });
    expect(await findings({ after })).toEqual([`SecretFound "a.js":2 secret of the kind gitlab`]);
  });

  it("beyond the first hundred kilobytes and across the pieces that are scanned", async () => {
    const filler = `${"x".repeat(63)}\n`;
    const astride = `${filler.repeat(2047)}${"y".repeat(50)} ${token}\n`;
    const after = writes({ "a.txt": `${astride}${filler.repeat(3000)}${key}\n` });
    expect(astride.indexOf(token)).toBeLessThan(128 * 1024);
    expect(astride.length).toBeGreaterThan(128 * 1024);
    expect((await judgeStory({ after })).findings.map(({ line }) => line)).toEqual([2048, 5049]);
  });

  it("in a new name, in the report, and where the secret is the pod's own", async () => {
    const after = writes({ [`${token}.txt`]: "a\n", own: `one\npassword ${literal}\n` });
    const { findings: found } = await judgeStory({ after, said: { summary: `Uses ${token}.`, explanation: `Logs in with ${literal}.` } });
    expect(found.map(({ place, line, rule }) => [place, line, rule])).toEqual([
      ['"own"', 2, "a secret of this run"],
      [`the name "${token}.txt"`, undefined, "GitHub token"],
      ["the report's summary", undefined, "GitHub token"],
      ["the report's explanation", undefined, "a secret of this run"],
    ]);
  });

  it("whole, also where a rule gives only a part of it", async () => {
    const npmrc = `//registry.acme.io/:_authToken=${"s3cr3t-value-".repeat(3)}\n`;
    const { findings: found, secrets } = await judgeStory({ after: writes({ ".npmrc": npmrc }), allowPaths: [".npmrc"] });
    expect(found.map(written)).toEqual(['SecretFound ".npmrc":1 secret of the kind npm']);
    expect(secrets).toEqual([`_authToken=${"s3cr3t-value-".repeat(3)}`]);
  });

  it("in a service account's file, and .p12 opens no file of this machine", async () => {
    const account = JSON.stringify({
      type: "service_account",
      project_id: "p",
      private_key: key,
      private_key_id: "1",
      client_email: "a@b",
    });
    expect(await findings({ after: writes({ "account.json": account, "a.p12": "text\n" }) })).toEqual([
      'SecretFound "account.json":1 private key',
    ]);
  });
});

describe("a change is too large", () => {
  it("with too many files", async () => {
    const many = Object.fromEntries(Array.from({ length: 3001 }, (_, index) => [`f/${index}`, "a\n"]));
    expect(await findings({ after: writes(many) })).toEqual(["ChangeTooLarge the change 3001 files, at most 3000"]);
  });

  it("with too many added lines, not with as many removed ones", async () => {
    const lines = "a\n".repeat(100_001);
    expect(await findings({ after: writes({ a: lines }) })).toEqual(["ChangeTooLarge the change 100001 added lines, at most 100000"]);
  });

  it.each<[string, number, number, boolean]>([
    ["grows by more", 10, 5 * 1024 * 1024 + 11, true],
    ["was large and shrinks", 6 * 1024 * 1024, 6 * 1024 * 1024 - 1, false],
  ])("with a file that %s", async (_, before, after, refused) => {
    const found = await findings({ before: writes({ a: "x".repeat(before) }), after: writes({ a: "x".repeat(after) }) });
    expect(found).toEqual(refused ? ['ChangeTooLarge "a" grows by 5.0 MiB, at most 5.0 MiB'] : []);
  });

  it("with a patch that is too long", async () => {
    const before = writes({ a: `${"x".repeat(1023)}\n`.repeat(33 * 1024) });
    expect(await findings({ before, after: (d) => rmSync(join(d, "a")) })).toEqual([
      expect.stringMatching(/^ChangeTooLarge the change a patch of 33\.\d MiB, at most 32\.0 MiB$/),
    ]);
  });
});

describe("what was recorded is what was changed", () => {
  const story = { before: writes({ a: "1\n2\n3\n" }), after: writes({ a: "1\ntwo\n3\n" }) };
  const edited =
    (from: string, to: string) =>
    (patch: Patch): Patch => ({ ...patch, patch: Buffer.from(patch.patch.toString().replace(from, to)) });

  it("else the patch gives another tree", async () => {
    expect(await findings({ ...story, doctor: edited("+two", "+TWO") })).toEqual([
      "PatchRefused the patch it does not give the recorded tree",
    ]);
  });

  it("else it does not apply", async () => {
    expect(await findings({ ...story, doctor: edited("-2\n", "-7\n") })).toEqual([
      "PatchRefused the patch it does not apply to its base commit",
    ]);
  });

  it.each<[string, (patch: Patch) => Patch, RegExp]>([
    ["fewer are read than git counts", (patch) => ({ ...patch, additions: 2 }), /2 added lines, 1 were read/],
    ["a hunk is cut off", edited("+1,3 @@", "+1,9 @@"), /cut off/],
  ])("else its lines do not add up, and there is no verdict at all: %s", async (_, doctor, fault) => {
    await expect(judgeStory({ ...story, doctor })).rejects.toThrow(fault);
  });

  it("and neither index nor work tree is touched, nor anything left behind", async () => {
    await judgeStory(story);
    expect(plainGit(root.path, "--git-dir=repo.git", "--work-tree=workspace", "status", "--porcelain")).toBe("M a");
    expect(readdirSync(root.path).toSorted()).toEqual(["origin", "repo.git", "workspace"]);
  });
});

describe("what is said about findings", () => {
  const denied: Finding = { reason: "PathDenied", place: '".npmrc"', rule: "**/.npmrc" };
  const hidden: Finding = { reason: "HiddenCharacters", place: '"a"', line: 3, rule: "U+202E, bidirectional control" };

  it("tells a person what to do, reason by reason", () => {
    expect(tellPerson([hidden, denied])).toBe(
      'The change touches paths that are denied: ".npmrc" (**/.npmrc). If this is wanted, name them in spec.publish.allowPaths and run again. ' +
        'The change adds characters that hide or reorder text: "a" line 3 (U+202E, bidirectional control). ' +
        "Nothing allows this: let the prompt leave them out or write them as escapes, and run again.",
    );
    expect(reasonOf([hidden, denied])).toBe("PathDenied");
    expect(reasonOf([])).toBeUndefined();
  });

  it("tells the model where and what to do, in a line for each", () => {
    expect(tellModel([denied, hidden])).toBe(
      '- ".npmrc": **/.npmrc; undo it\n- "a" line 3: U+202E, bidirectional control; leave it out or write it as an escape',
    );
  });

  it("is cut where there is too much of it", () => {
    const many = Array.from({ length: 30 }, (_, index): Finding => ({ ...denied, place: `"${index}"` }));
    expect(tellPerson(many)).toContain("and 20 more");
    expect(tellModel(many).split("\n")).toHaveLength(21);
  });
});
