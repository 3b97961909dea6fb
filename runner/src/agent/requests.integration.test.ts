import { expect, it } from "vitest";
import { requests } from "./testdata/requests.ts";
import { startApi, type Reply } from "./testing/api.ts";
import { makePod } from "./testing/pod.ts";
import { inTurn } from "./testing/replies.ts";

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
];

/** A module, so that the compiler holds what is sent against the SDK's types. */
function moduleOf(bodies: readonly unknown[]): string {
  const type = "MessageCreateParamsStreaming";
  return [
    `import type { ${type} } from "@anthropic-ai/sdk/resources/beta/messages/messages";`,
    "",
    "/** First and last request of a short run, as they went over the wire: system prompt, tool descriptions, task, answers of tools. */",
    `export const requests = ${JSON.stringify(bodies, undefined, 2)} satisfies ${type}[];`,
    "",
  ].join("\n");
}

it("every byte that the model is told is the committed one", async () => {
  await using api = await startApi(inTurn(run));
  await using pod = await makePod({ url: api.url, input: { allowPaths: [".github/workflows/**"] } });
  await pod.run();
  expect(pod.result().reason).toBe("Reported");
  const sent = [api.requests[0]!, api.requests.at(-1)!].map(({ body }) => body);
  await expect(moduleOf(sent)).toMatchFileSnapshot("./testdata/requests.ts");
  expect(sent).toEqual(requests);
});
