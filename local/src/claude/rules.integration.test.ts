import type Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Claude } from "./server.ts";
import { continued, opening, standIn } from "./testing/stand-in.ts";

let claude: Claude;
let sdk: Anthropic;
beforeAll(async () => {
  ({ claude, sdk } = await standIn({
    turns: [
      {
        say: "hello",
        tools: [
          { name: "read_file", input: { path: "a" } },
          { name: "read_file", input: { path: "b" } },
        ],
      },
    ],
  }));
});
afterAll(() => claude.close());

type Body = ReturnType<typeof opening>;
const headers = { "content-type": "application/json", authorization: "Bearer key", "anthropic-version": "2026-10-21" };

async function post(
  body: unknown,
  own: Record<string, string | undefined> = {},
  path = "/v1/messages?beta=true",
): Promise<{ status: number; type: string; message: string }> {
  const sent = Object.fromEntries(
    Object.entries({ ...headers, ...own }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const response = await fetch(`${claude.url}${path}`, {
    method: "POST",
    headers: sent,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  expect(response.headers.get("request-id")).toMatch(/^req_/);
  expect(response.headers.get("x-codybatch-stand-in")).not.toBeNull();
  const answer = (await response.json()) as { error?: { type: string; message: string } };
  return { status: response.status, type: answer.error?.type ?? "", message: answer.error?.message ?? "" };
}

test.each([
  ["x-api-key alone", { authorization: undefined, "x-api-key": "key" }, 401, "x-api-key is no longer accepted"],
  ["no key", { authorization: "Bearer " }, 401, "Authorization: Bearer <key> is required"],
  ["an old version", { "anthropic-version": "2023-06-01" }, 400, '"2023-06-01" is not 2026-10-21'],
  ["no version", { "anthropic-version": undefined }, 400, "anthropic-version"],
])("headers with %s are refused", async (_, own, status, message) => {
  const answer = await post(opening(), own);
  expect(answer).toMatchObject({ status, message: expect.stringContaining(message) as string });
});

const say = (role: "user" | "assistant", content: unknown): object => ({ role, content });
const use = (id: string): object => ({ type: "tool_use", id, name: "read_file", input: {} });
const strictTool = (schema: object): object => ({ ...opening(), tools: [{ name: "probe", strict: true, input_schema: schema }] });
const result = (tool_use_id: string): object => ({ type: "tool_result", tool_use_id, content: "fine" });

test.each<[string, object | string, string]>([
  ["not JSON", "{", "not valid JSON"],
  ["temperature", { ...opening(), temperature: 1 }, "temperature: Extra inputs are not permitted. Sampling parameters are gone"],
  ["top_p", { ...opening(), top_p: 1 }, "top_p: Extra inputs"],
  ["top_k", { ...opening(), top_k: 1 }, "top_k: Extra inputs"],
  ["an unknown field", { ...opening(), colour: "red" }, "colour: Extra inputs are not permitted"],
  [
    "an unknown field of a block",
    { ...opening(), messages: [say("user", [{ type: "text", text: "a", colour: 1 }])] },
    "messages.0.content",
  ],
  ["no max_tokens", { ...opening(), max_tokens: undefined }, "max_tokens"],
  ["no messages", { ...opening(), messages: [] }, "at least one message"],
  ["forced tool use", { ...opening(), tool_choice: { type: "any" } }, "forced tool use"],
  ["one forced tool", { ...opening(), tool_choice: { type: "tool", name: "read_file" } }, "forced tool use"],
  ["thinking turned off where it cannot be", { ...opening(), model: "claude-opus-5-5", thinking: { type: "disabled" } }, "use adaptive"],
  ["a budget of thinking", { ...opening(), model: "claude-fable-5-2", thinking: { type: "enabled", budget_tokens: 2000 } }, "use adaptive"],
  ["a strict tool that is open", strictTool({ type: "object", properties: {} }), "'additionalProperties' must be explicitly set to false"],
  [
    "a strict tool that bounds a text",
    strictTool({ type: "object", properties: { pattern: { type: "string", maxLength: 9 } }, additionalProperties: false }),
    "tools.0.input_schema.properties.pattern: For strict tools, property 'maxLength' is not supported",
  ],
  [
    "a form of the answer that is not closed",
    { ...opening(), output_config: { format: { type: "json_schema", schema: { type: "object", properties: {} } } } },
    "'additionalProperties' must be explicitly set to false",
  ],
  [
    "a form of the answer of another kind",
    { ...opening(), output_config: { format: { type: "grammar", schema: {} } } },
    "output_config.format.type",
  ],
  ["a message thread", { ...opening(), thread: { type: "create" } }, "threads are not supported"],
  ["an assistant first", { ...opening(), messages: [say("assistant", "hi")] }, "first message must be from the user"],
  ["two users in a row", { ...opening(), messages: [say("user", "a"), say("user", "b")] }, "roles must alternate"],
  ["empty text", { ...opening(), messages: [say("user", [{ type: "text", text: "" }])] }, "non-empty"],
  [
    "a tool that is not answered",
    { ...opening(), messages: [say("user", "a"), say("assistant", [use("t1")]), say("user", "b")] },
    "without `tool_result` blocks immediately after: t1",
  ],
  ["a tool at the end", { ...opening(), messages: [say("user", "a"), say("assistant", [use("t1")])] }, "without `tool_result`"],
  [
    "a tool answered twice",
    { ...opening(), messages: [say("user", "a"), say("assistant", [use("t1")]), say("user", [result("t1"), result("t1")])] },
    "must have a single result",
  ],
  ["an answer to nothing", { ...opening(), messages: [say("user", [result("t9")])] }, "unexpected `tool_use_id`"],
  [
    "an answer too late",
    {
      ...opening(),
      messages: [
        say("user", "a"),
        say("assistant", [use("t1")]),
        say("user", [result("t1")]),
        say("assistant", "b"),
        say("user", [result("t1")]),
      ],
    },
    "unexpected `tool_use_id`",
  ],
])("a request with %s gets a 400 that says so", async (_, body, message) => {
  expect(await post(body)).toMatchObject({
    status: 400,
    type: "invalid_request_error",
    message: expect.stringContaining(message) as string,
  });
});

test.each([
  ["GET-like path", "/v1/complete", 404, "not_found_error"],
  ["models", "/v1/models", 404, "not_found_error"],
])("%s is not found", async (_, path, status, type) => {
  expect(await post({}, {}, path)).toMatchObject({ status, type });
});

const edits: [string, (body: Body) => Body][] = [
  ["system", (body) => ({ ...body, system: "Something else." })],
  ["a tool", (body) => ({ ...body, tools: (body.tools ?? []).slice(1) })],
  [
    "the first message",
    (body) => ({ ...body, messages: [{ role: "user", content: "Repository: acme/api (main) edited" }, ...body.messages.slice(1)] }),
  ],
  [
    "an earlier tool result",
    (body) => ({ ...body, messages: JSON.parse(JSON.stringify(body.messages).replace("fine", "gone")) as Body["messages"] }),
  ],
];

test.each(edits)("after a change of %s the API's binding error comes", async (_, edit) => {
  const first = await sdk.beta.messages.stream(opening()).finalMessage();
  const second = continued(opening(), first);
  const third = continued(second, await sdk.beta.messages.stream(second).finalMessage());
  expect((await post(third)).status).toBe(200);
  expect(await post(edit(third))).toMatchObject({
    status: 400,
    message: expect.stringContaining("The block is bound to a different conversation") as string,
  });
});

test.each<[string, (thinking: { thinking: string; signature: string }) => object]>([
  ["words", (block) => ({ ...block, thinking: `${block.thinking}.` })],
  ["signature", (block) => ({ ...block, signature: `${block.signature.slice(0, -2)}AA` })],
])("thinking with altered %s is refused", async (_, alter) => {
  const params = opening(undefined, { thinking: { type: "adaptive", display: "summarized" } });
  const answer = await sdk.beta.messages.stream(params).finalMessage();
  const content = answer.content.map((block) => (block.type === "thinking" ? { ...block, ...alter(block) } : block));
  expect((await post(continued(params, answer))).status).toBe(200);
  expect(await post(continued(params, { ...answer, content }))).toMatchObject({
    status: 400,
    message: expect.stringContaining("The block is bound to a different conversation") as string,
  });
});

test("an answer whose thinking was dropped is refused", async () => {
  const answer = await sdk.beta.messages.stream(opening()).finalMessage();
  const dropped = { ...answer, content: answer.content.filter((block) => block.type !== "thinking") };
  expect(await post(continued(opening(), dropped))).toMatchObject({
    status: 400,
    message: expect.stringContaining("Expected `thinking`") as string,
  });
});

test("moving cache marks is no change of the conversation", async () => {
  const answer = await sdk.beta.messages.stream(opening()).finalMessage();
  const next = continued(opening(), answer);
  const system = [{ type: "text", text: "You change repositories.", cache_control: { type: "ephemeral" } }];
  expect((await post({ ...next, cache_control: undefined })).status).toBe(200);
  expect((await post({ ...opening(), system })).status).toBe(200);
});
