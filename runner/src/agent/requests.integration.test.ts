import { expect, it } from "vitest";
import { requests } from "./testdata/requests.ts";
import { startApi, type Reply } from "./testing/api.ts";
import { makePod } from "./testing/pod.ts";
import { isReview, twoVoices } from "./testing/reviewed.ts";

const step = (number: number, name: string, input: object): Reply => ({
  kind: "message",
  content: [
    { type: "text", text: `Step ${number}.` },
    { type: "tool_use", id: `toolu_${number}`, name, input },
  ],
});
const report = { wereChangesNecessary: true, summary: "Moved to Node 24.", explanation: "The engines field named Node 20." };
const run: readonly Reply[] = [
  step(1, "read_file", { path: "package.json" }),
  step(2, "read_file", { path: "nowhere" }),
  step(3, "edit_file", { path: "package.json", old_text: '"node": "20"', new_text: '"node": "24"' }),
  step(4, "report_result", report),
  step(5, "report_result", report),
  step(6, "report_result", { ...report, explanation: "The name is none of the task." }),
];
const verdict = (approved: boolean, ...reasons: readonly string[]): Reply => ({
  kind: "message",
  content: [{ type: "tool_use", id: "toolu_v", name: "give_verdict", input: { approved, reasons } }],
});
const verdicts: readonly Reply[] = [verdict(false, "package.json: the name stays as it was."), verdict(true)];

/** A module, so that the compiler holds what is sent against the SDK's types. */
function moduleOf(bodies: readonly unknown[]): string {
  const type = "MessageCreateParamsStreaming";
  return [
    `import type { ${type} } from "@anthropic-ai/sdk/resources/beta/messages/messages";`,
    "",
    "/** First and last request of a short run, as they went over the wire: system prompt, tool descriptions, task, answers of tools. Then both to its reviewer, and one that asks for a written report. */",
    `export const requests = ${JSON.stringify(bodies, undefined, 2)} satisfies ${type}[];`,
    "",
  ].join("\n");
}

/** What a model is sent that never calls report_result. */
async function lastOfSilentRun(): Promise<unknown> {
  const words: readonly Reply[] = ["Done.", "Done!", "Done!!", JSON.stringify({ ...report, wereChangesNecessary: false })].map((text) => ({
    kind: "message",
    content: [{ type: "text", text }],
  }));
  await using api = await startApi(twoVoices(words, verdicts));
  await using pod = await makePod({ url: api.url });
  await pod.run();
  expect(pod.result().reason).toBe("Reported");
  return api.requests.at(-1)?.body;
}

it("every byte that the model is told is the committed one", async () => {
  await using api = await startApi(twoVoices(run, verdicts));
  await using pod = await makePod({ url: api.url, input: { allowPaths: [".github/workflows/**"], review: { model: "claude-opus-5-5" } } });
  await pod.run();
  expect(pod.result().reason).toBe("Reported");
  const [own, reviews] = [api.requests.filter((request) => !isReview(request)), api.requests.filter(isReview)];
  const sent = [...[own[0]!, own.at(-1)!, ...reviews].map(({ body }) => body), await lastOfSilentRun()];
  await expect(moduleOf(sent)).toMatchFileSnapshot("./testdata/requests.ts");
  expect(sent).toEqual(requests);
});
