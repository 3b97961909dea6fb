import { PublishInput } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { plain } from "./plain.ts";
import { prose } from "./prose.ts";
import { texts } from "./texts.ts";

const base = {
  version: 1,
  task: "publish",
  namespace: "team-a",
  batchChange: "node-24",
  changeset: { name: "node-24-0123456789", uid: "uid-1" },
  repository: { url: "https://github.com/acme/api", name: "acme/api", branch: "HEAD" },
  patch: { digest: "sha256:0", baseCommit: "0".repeat(40), tree: "0".repeat(40) },
  branch: "codybatch/node-24",
  report: {
    wereChangesNecessary: true,
    summary: "Moved to Node 24.",
    explanation: "Because.",
    filesChanged: 2,
    additions: 3,
    deletions: 1,
  },
  author: { name: "Cody Batch", email: "cody@example.test" },
  date: "2026-11-21T10:00:00.000Z",
  storage: { type: "ConfigMap", maxBytes: 1_000_000 },
} as const;

const input = (more: object = {}): PublishInput => PublishInput.parse({ ...base, ...more });
const said = (summary: string, more: object = {}): PublishInput => input({ report: { ...base.report, summary, ...more } });

/** What a page would show of Markdown outside of code. */
const outsideCode = (markdown: string): string => markdown.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, "");

/** What makes GitHub do something: mentions, references, links, images, HTML, links without markup. */
const acts = /@|#\d|\bgh-\d|https?:|www\.|!?\[[^\]]*\]\(|<[a-z!/]|&[a-z#]/i;

const hostile = [
  "@acme/platform",
  "cc @ann, please",
  "foo@bar.example",
  "\\@ann",
  "@\u200bann",
  "＠ann",
  "fixes #1",
  "Closes: #1",
  "resolves acme/api#12",
  "Fixes GH-7",
  "close https://github.com/acme/api/issues/1",
  "FIXES http://github.com/acme/api/pull/1",
  "www.evil.example/x",
  "![x](https://evil.example/pixel.png)",
  "[click](https://evil.example)",
  "[click][1]\n\n[1]: https://evil.example",
  '<img src="https://evil.example/p.png">',
  "<a href=//evil.example>x</a>",
  "<!-- hidden -->",
  "<details><summary>x</summary>",
  "&#64;ann &commat;ann",
  "`code` @ann `x",
  "``` @ann\n@bob\n```",
  "~~~\n@ann",
  "`@ann` @bob",
  "a `` b @ann",
  "    @ann indented",
  "# heading\n=====\n> quote\n---",
  "| a | b |\n| --- | --- |\n| @ann | #1 |",
  "$$\\href{https://evil.example}{x}$$",
  "x\u202e1# sexif",
  "a\u0000b\u001bc\u2028@ann",
  "\ud800@ann",
  "Signed-off-by: Ann <ann@acme.invalid>\nCo-authored-by: Bob <bob@acme.invalid>",
  "*@ann* **#1** _@bob_ ~~fixes #2~~",
  ":+1: @ann",
  "-@ann",
];

describe("what a model wrote", () => {
  it.each(hostile)("does nothing in a pull request's text: %j", (text) => {
    const { body } = texts(said(text, { explanation: text, warnings: [text] }), "main");
    const rest = outsideCode(body.split("\n\n---\n\n")[0]!);
    expect(rest).not.toMatch(acts);
    expect(rest).not.toMatch(/[[\p{Cc}--\n]\u200b-\u200f\u2028-\u202e]|^\s*(#|>|=|~|\|)/mv);
    expect(rest.replaceAll("**Warnings**", "")).not.toMatch(/[`<>*_~$\\[\]]/);
  });

  it.each(hostile)("does nothing in a title or a commit message: %j", (text) => {
    const { title, commitMessage } = texts(said(text), "main");
    for (const one of [title, commitMessage]) {
      expect(one).not.toMatch(/[@＠#＃][^\s]|\bgh-\d|:\/\/|[[\p{Cc}--\n]\u200b-\u200f\u2028-\u202e]/iv);
      expect(one.isWellFormed()).toBe(true);
    }
    expect(title).not.toContain("\n");
    expect(commitMessage.trimEnd().split("\n\n").at(-1)).toBe("Cody-Batch: team-a/node-24/node-24-0123456789");
  });

  it.each([
    ["Moved the engines field to Node 24, and nothing else.", "Moved the engines field to Node 24, and nothing else."],
    ["Run `npm test` first (it's quick).", "Run `npm test` first (it's quick)."],
    ["Updated package.json's engines from >=20 to >=24", "Updated package.json's engines from `>=20` to `>=24`"],
    ["Bumped @types/node; see .nvmrc", "Bumped `@types/node;` see `.nvmrc`"],
    ["Two things:\n- one\n* two\n\nDone.", "Two things:\n- one\n- two\n\nDone."],
    ["Größe, 日本語。 naïve – fine", "Größe, 日本語。 naïve – fine"],
  ])("stays readable: %j", (text, expected) => {
    expect(prose(text, 1000)).toBe(expected);
  });

  it("is cut where it is long", () => {
    expect(plain("a".repeat(300), 256)).toHaveLength(256);
    const { title, body, commitMessage } = texts(said("@ ".repeat(512), { explanation: "`# ".repeat(1365) }), "main");
    expect(title.length).toBeLessThanOrEqual(256);
    expect(body.length).toBeLessThan(65_536);
    expect(commitMessage.length).toBeLessThan(20_000);
    expect(texts(input({ body: "x".repeat(32_768) }), "main").body).toContain("To have it made anew");
    const words = input({ body: "${result.explanation}\n".repeat(9), report: { ...base.report, explanation: "<b>".repeat(1300) } });
    expect(outsideCode(texts(words, "main").body.split("---")[0]!)).not.toContain("<");
    expect(plain("😀".repeat(10), 4).isWellFormed()).toBe(true);
  });
});

describe("the texts", () => {
  it.each([
    ["repository.name", "acme/api"],
    ["repository.owner", "acme"],
    ["repository.url", "https://github.com/acme/api"],
    ["repository.branch", "main"],
    ["batchChange.name", "node-24"],
    ["batchChange.namespace", "team-a"],
    ["result.summary", "Moved to Node 24."],
    ["result.explanation", "Because."],
    ["result.filesChanged", "2"],
    ["result.additions", "3"],
    ["result.deletions", "1"],
  ])("may use ${%s}", (name, value) => {
    const text = `<\${${name}}> $\${${name}}`;
    const made = texts(input({ title: text, body: text, commitMessage: text }), "main");
    expect(made.title).toBe(`<${value}> \${${name}}`);
    expect(made.body.startsWith(`<${value}> \${${name}}\n`)).toBe(true);
    expect(made.commitMessage).toBe(`<${value}> \${${name}}\n\nCody-Batch: team-a/node-24/node-24-0123456789\n`);
  });

  it("have what the user wrote as it is", () => {
    expect(texts(input({ title: "Fixes #1, @ann", body: "Closes #1\n\ncc @ann ${{ x }} ${result.none}" }), "main")).toMatchObject({
      title: "Fixes #1, @ann",
      body: expect.stringContaining("Closes #1\n\ncc @ann ${{ x }} ${result.none}\n\n---"),
    });
  });

  it("never fill in what came with a value", () => {
    expect(texts(said("${repository.url} $${"), "main").title).toBe("node-24: ${repository.url} $${");
  });

  it("say by default what was done, the checks, the cost, where to look and how to have it made anew", () => {
    const report = {
      ...base.report,
      checks: [
        { name: "test", outcome: "Passed", required: true, exitCode: 0, durationSeconds: 12.4 },
        { name: "a|b`@ann", outcome: "NotRun", required: false },
      ],
      review: { model: "claude-opus-5", approved: true, reasons: ["Does what @ann asked."] },
      warnings: ["No test covers #1."],
    };
    const made = texts(input({ report, costUSD: "0.42", dashboardURL: "https://dash.example/x" }), "main");
    expect(made.title).toBe("node-24: Moved to Node 24.");
    expect(made.body).toMatchInlineSnapshot(`
      "Moved to Node 24.

      Because.

      | Check | Outcome | Required | Took |
      | --- | --- | --- | --- |
      | \`test\` | passed | yes | 12 s |
      | \`a b'@ann\` | not run | no |  |

      Second opinion of \`claude-opus-5\`: approved.
      - Does what \`@ann\` asked.

      **Warnings**

      - No test covers \`#1.\`

      ---

      Written by Claude for the batch change \`team-a/node-24\` of Cody Batch, Changeset \`node-24-0123456789\`. Cost: $0.42. [How it came about](<https://dash.example/x>).

      To have it made anew, raise the Changeset's \`spec.attempt\` to the next N; what becomes of it is pushed to this pull request once it is approved:

      \`\`\`sh
      kubectl patch changeset node-24-0123456789 --namespace team-a --type merge --patch '{"spec":{"attempt":N}}'
      \`\`\`"
    `);
  });
});
