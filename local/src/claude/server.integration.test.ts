import Anthropic, { APIError } from "@anthropic-ai/sdk";
import { afterEach, expect, test } from "vitest";
import { continued, opening, standIn } from "./testing/stand-in.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(scenario: object, now?: () => number): Promise<Anthropic> {
  const { claude, sdk } = await standIn(scenario, now);
  open.push(claude);
  return sdk;
}

const read = { name: "read_file", input: { path: "package.json", note: 'ümläut 🎉 "quoted"' } };
const report = { name: "report_result", input: { wereChangesNecessary: true, summary: "Moved {{repository}} on {{branch}}" } };

test("the SDK streams an answer with text and tools, and gets the same one without streaming", async () => {
  const sdk = await start({ turns: [{ say: "I read first. 🎉", thinking: "hm", tools: [read, read] }] });
  const params = opening("Repository: acme/api (main)", { thinking: { type: "adaptive", display: "summarized" } });
  const streamed = await sdk.beta.messages.stream(params).finalMessage();
  const { data, response } = await sdk.beta.messages.create(params).withResponse();
  expect(streamed.content).toEqual(data.content);
  expect(streamed).toMatchObject({
    stop_reason: "tool_use",
    content: [{ thinking: "hm" }, { text: "I read first. 🎉" }, { input: read.input }, { input: read.input }],
  });
  expect(response.headers.get("x-codybatch-stand-in")).toBe("tested");
  expect(response.headers.get("request-id")).toMatch(/^req_/);
});

test("a conversation goes from turn to turn, fills in placeholders and repeats its last turn", async () => {
  const sdk = await start({ turns: [{ tools: [read] }, { tools: [report] }] });
  let params = opening();
  const said: unknown[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const answer = await sdk.beta.messages.stream(params).finalMessage();
    said.push(answer.content.find((block) => block.type === "tool_use")?.input);
    params = continued(params, answer);
  }
  const filled = { wereChangesNecessary: true, summary: "Moved acme/api on main" };
  expect(said).toEqual([read.input, filled, filled]);
});

test("usage counts the cached prefix once written and then read, and forgets it after five minutes", async () => {
  let now = 0;
  const sdk = await start({ turns: [{ tools: [read] }] }, () => now);
  const first = opening("x".repeat(8000));
  const answer = await sdk.beta.messages.stream(first).finalMessage();
  expect(answer.usage).toMatchObject({ input_tokens: 0, cache_read_input_tokens: 0 });
  const written = answer.usage.cache_creation_input_tokens ?? 0;
  expect(written).toBeGreaterThan(2000);
  const second = continued(first, answer);
  const warm = await sdk.beta.messages.stream(second).finalMessage();
  expect(warm.usage).toMatchObject({ input_tokens: 0, cache_read_input_tokens: written });
  now = 300_000;
  const cold = await sdk.beta.messages.stream(second).finalMessage();
  expect(cold.usage).toMatchObject({ cache_read_input_tokens: 0 });
  const { input_tokens } = await sdk.beta.messages.countTokens({
    model: second.model,
    messages: second.messages,
    system: "You change repositories.",
    tools: second.tools ?? [],
  });
  expect(input_tokens).toBe(cold.usage.cache_creation_input_tokens);
});

test("a resumed try has its own turns", async () => {
  const sdk = await start({ turns: [{ tools: [read] }], resumed: [{ tools: [report] }] });
  const answer = await sdk.beta.messages
    .stream(opening("Repository: acme/api (main)\nAn earlier try was interrupted. Its changes are in the files already."))
    .finalMessage();
  expect(answer.content.at(-1)).toMatchObject({ name: "report_result" });
});

test("a scripted status comes as often as it says, with Retry-After, and then the answer", async () => {
  const sdk = await start({ turns: [{ say: "late", faults: [{ status: 529, retryAfter: 3, times: 2 }] }] });
  for (let time = 0; time < 2; time++) {
    const error: unknown = await sdk.beta.messages
      .stream(opening())
      .finalMessage()
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ status: 529, type: "overloaded_error" });
    expect(error instanceof APIError && error.headers?.get("retry-after")).toBe("3");
  }
  expect((await sdk.beta.messages.stream(opening()).finalMessage()).stop_reason).toBe("end_turn");
});

test.each([
  [{ midStreamError: "overloaded_error" }, { type: "overloaded_error", status: undefined }],
  [{ truncate: true }, { message: "terminated" }],
])("a stream that breaks off with %o is an error to the SDK", async (fault, expected) => {
  const sdk = await start({ turns: [{ tools: [read], faults: [fault] }] });
  await expect(sdk.beta.messages.stream(opening()).finalMessage()).rejects.toMatchObject(expected);
  expect((await sdk.beta.messages.stream(opening()).finalMessage()).stop_reason).toBe("tool_use");
});

test("a stalled stream stays silent until the client gives up", async () => {
  const sdk = await start({ turns: [{ tools: [read], faults: [{ stall: true }] }] });
  const stream = sdk.beta.messages.stream(opening());
  await new Promise((resolve) => stream.once("streamEvent", resolve));
  stream.abort();
  await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
});

test.each(["pause_turn", "model_context_window_exceeded", "end_turn"])("stop reason %s is passed on", async (stop) => {
  const sdk = await start({ turns: [{ say: "so far", stop }] });
  expect((await sdk.beta.messages.stream(opening()).finalMessage()).stop_reason).toBe(stop);
});

test("a refusal says its category", async () => {
  const sdk = await start({ turns: [{ refusal: { category: "cyber", explanation: "No." } }] });
  const answer = await sdk.beta.messages.stream(opening()).finalMessage();
  expect(answer).toMatchObject({ stop_reason: "refusal", stop_details: { category: "cyber", explanation: "No." } });
});

test("an answer longer than max_tokens stops inside its tool input", async () => {
  const sdk = await start({ turns: [{ tools: [{ name: "write_file", input: { path: "a", content: "x".repeat(400) } }] }] });
  const answer = await sdk.beta.messages
    .stream(opening(undefined, { max_tokens: 20 }))
    .finalMessage()
    .catch((cause: unknown) => cause);
  expect(answer).toMatchObject({ stop_reason: "max_tokens", usage: { output_tokens: 20 } });
});

test("a paused turn may be sent back as it is, any other answer at the end is refused", async () => {
  const sdk = await start({ turns: [{ say: "part", stop: "pause_turn" }, { say: "whole" }] });
  const paused = await sdk.beta.messages.stream(opening()).finalMessage();
  const again = { ...opening(), messages: [...opening().messages, { role: "assistant" as const, content: paused.content }] };
  const whole = await sdk.beta.messages.stream(again).finalMessage();
  expect(whole.stop_reason).toBe("end_turn");
  const prefill = { ...again, messages: [...again.messages, { role: "assistant" as const, content: whole.content }] };
  await expect(sdk.beta.messages.stream(prefill).finalMessage()).rejects.toMatchObject({
    status: 400,
    apiMessage: expect.stringContaining("prefill") as string,
  });
});

test("with tool_choice none the report is written as text", async () => {
  const sdk = await start({ turns: [{ tools: [report] }] });
  const answer = await sdk.beta.messages.stream(opening(undefined, { tool_choice: { type: "none" } })).finalMessage();
  expect(answer.content.at(-1)).toMatchObject({ type: "text", text: expect.stringContaining('"wereChangesNecessary":true') as string });
});

const verdictTool = { name: "give_verdict", input_schema: { type: "object" as const, properties: {} } };
const verdict = (approved: boolean): object => ({ name: "give_verdict", input: { approved, reasons: ["Scripted."] } });

test("a second opinion is answered from the scenario's reviews, the one after a veto from the second of them", async () => {
  const sdk = await start({
    turns: [{ say: "hi" }],
    reviews: [[{ say: "Hm." }, { tools: [verdict(false)] }], [{ tools: [verdict(true)] }]],
  });
  const asked = opening("Repository: acme/api (main)\n\nThe change", { tools: [verdictTool] });
  const first = await sdk.beta.messages.stream(asked).finalMessage();
  expect(first.content.at(-1)).toMatchObject({ type: "text", text: "Hm." });
  const vetoed = await sdk.beta.messages.stream(continued(asked, first)).finalMessage();
  expect(vetoed.content.at(-1)).toMatchObject({ name: "give_verdict", input: { approved: false } });
  const again = opening('Repository: acme/api (main)\n\n<data name="earlier_reasons" key="a1">\n1. No.', { tools: [verdictTool] });
  expect((await sdk.beta.messages.stream(again).finalMessage()).content.at(-1)).toMatchObject({ input: { approved: true } });
  expect((await sdk.beta.messages.stream(opening()).finalMessage()).content.at(-1)).toMatchObject({ type: "text", text: "hi" });
});

test("a scenario without reviews approves nothing", async () => {
  const sdk = await start({ turns: [{ tools: [verdict(true)] }] });
  const asked = sdk.beta.messages.stream(opening(undefined, { tools: [verdictTool] })).finalMessage();
  await expect(asked).rejects.toMatchObject({ status: 400, apiMessage: expect.stringContaining("has no reviews") as string });
});

test("a repository without a scenario is told which there are", async () => {
  const sdk = await start({ when: { repository: "acme/*", promptContains: "Node 24" }, turns: [{ say: "hi" }] });
  const none = sdk.beta.messages.stream(opening("Repository: other/web (main)")).finalMessage();
  await expect(none).rejects.toMatchObject({ status: 400, apiMessage: expect.stringContaining("known scenarios: tested") as string });
  expect((await sdk.beta.messages.stream(opening()).finalMessage()).stop_reason).toBe("end_turn");
});

test("an answer arrives in pieces that end within a character and within a line, and is whole all the same", async () => {
  const { claude, sdk } = await standIn({ turns: [{ say: "🎉ü€\n".repeat(3000), tools: [read] }] });
  open.push(claude);
  const body = JSON.stringify({ ...opening(), stream: true });
  const headers = { authorization: "Bearer key", "anthropic-version": "2026-10-21" };
  const response = await fetch(`${claude.url}/v1/messages`, { method: "POST", headers, body });
  const pieces: Buffer[] = [];
  for await (const piece of response.body ?? []) pieces.push(Buffer.from(piece));
  const continues = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
  expect(pieces.filter((piece) => continues(piece[0])).length).toBeGreaterThan(0);
  expect(pieces.filter((piece) => piece.at(-1) !== 0x0a).length).toBeGreaterThan(1);
  const answer = await sdk.beta.messages.stream(opening()).finalMessage();
  expect(answer.content.find((block) => block.type === "text")).toMatchObject({ text: "🎉ü€\n".repeat(3000) });
});
