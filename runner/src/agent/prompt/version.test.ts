import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Check, RunInput } from "@codybatch/crds";
import { expect, it } from "vitest";
import { runCheckTool } from "../checks/index.ts";
import { type Proposal, showProposal } from "../review/proposal.ts";
import { requests } from "../testdata/requests.ts";
import { continued, startedOver } from "./earlier-try.ts";
import { failedChecks, publishedBefore, publishedChange, publishedChangeLost } from "./failed-checks.ts";
import { guidanceFrame, guidanceIntro } from "./guidance.ts";
import { nudgeText } from "./nudges.ts";
import { reviewDemand } from "./review.ts";
import { opinionPrompt, opinionText, vetoDemand } from "./second-opinion.ts";
import { systemPrompt } from "./system.ts";
import { firstMessage } from "./task.ts";
import { promptVersion } from "./version.ts";

const input = { repository: { name: "acme/api", branch: "main", instructions: "(instructions)" } } as RunInput;
const all: readonly Check[] = [
  { name: "build", command: ["make"], required: true, timeout: "5m", adopt: ["go.sum"] },
  { name: "lint", command: ["make", "lint"], required: false, timeout: "5m" },
];
const runCheck = runCheckTool({} as Parameters<typeof runCheckTool>[0], { all } as unknown as Parameters<typeof runCheckTool>[1]);

const proposal: Proposal = {
  summary: "(summary)",
  explanation: "(explanation)",
  patch: { patch: Buffer.from("(diff)"), tree: "", filesChanged: 2, additions: 1, deletions: 0 },
  checks: [{ name: "test", outcome: "Passed", required: true, exitCode: 0 }],
};

/** Title and text of all that we ever tell the model, with samples where something is filled in. */
const words: readonly (readonly [string, string])[] = [
  ["System prompt", systemPrompt([])],
  ["System prompt with allowed paths and checks", systemPrompt([".github/workflows/**"], true)],
  ["First message", firstMessage(input, "(prompt)", undefined)],
  ["After an interrupted try", continued],
  ["After an interrupted try whose work is lost", startedOver],
  ["After failed checks of a pull request", publishedChange(7)],
  ["After failed checks of a pull request whose change is lost", publishedChangeLost(7)],
  ["What the failed checks said", failedChecks("(text)")],
  ["Repository guidance", `${guidanceIntro}\n${guidanceFrame("AGENTS.md", "(text)")}`],
  ["Review", reviewDemand],
  ["Second opinion: system prompt", opinionPrompt],
  ["Second opinion: message", showProposal("(first message)", proposal, ["(reason)"]).text],
  ["Second opinion: message, of a change that is too long", opinionText.partial(100_000, 200_000)],
  ["Second opinion: after failed checks of a pull request", publishedBefore(7)],
  ["Second opinion: no verdict", opinionText.nudge],
  ["Second opinion: veto", vetoDemand("1. (reason)")],
  ["No report", nudgeText.report],
  ["No report: written instead", nudgeText.lastReport],
  ["Answer cut off", nudgeText.cutOff(16_000)],
  ["Repetition", nudgeText.same(3)],
  ["Errors", nudgeText.errors(3)],
  ["Limit", nudgeText.limit(80, { turns: 1, usd: "0.40" })],
  // What really went over the wire, of all tools but the one that needs checks.
  ...requests[0]!.tools!.map((tool) => [`Tool ${tool.name}`, fenced(tool)] as const),
  ["Tool run_check", runCheck.description],
  ...requests[2]!.tools!.map((tool) => [`Tool ${tool.name}`, fenced(tool)] as const),
];

function fenced(tool: object): string {
  return `\`\`\`json\n${JSON.stringify(tool, undefined, 2)}\n\`\`\``;
}

const file = `./versions/${promptVersion}.md`;

it("the words of this version can be read in one file", async () => {
  const text = words.map(([title, one]) => `## ${title}\n\n${one}\n`).join("\n");
  await expect(text).toMatchFileSnapshot(file);
});

it("other words have another version: raise promptVersion and add its hash when this fails, unless the version was never released", () => {
  const read = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");
  const hashes = JSON.parse(read("versions/hashes.json")) as Record<string, string>;
  const hash = createHash("sha256").update(read(file)).digest("hex");
  expect({ version: promptVersion, hash }).toEqual({ version: Number(Object.keys(hashes).at(-1)), hash: hashes[promptVersion] });
});
