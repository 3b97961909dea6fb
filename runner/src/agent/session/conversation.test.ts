import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../tools/tool.ts";
import { Conversation } from "./conversation.ts";

const tool = defineTool({
  name: "probe",
  description: "Probes.",
  access: "read",
  schema: z.strictObject({ path: z.string().max(10), pattern: z.int().min(1).optional() }),
  run: () => Promise.resolve(""),
});

function begin(model = "claude-sonnet-5-5"): Conversation {
  const conversation = new Conversation({ model, effort: "medium", system: "Rules.", tools: [tool], cached: true });
  conversation.say([{ type: "text", text: "Do it." }]);
  return conversation;
}

describe("a conversation", () => {
  it("only ever grows: each request begins with the bytes of the one before", () => {
    const conversation = begin();
    const prefixes: string[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const { messages, ...head } = conversation.request(1000);
      prefixes.push(JSON.stringify([head, ...messages]).slice(0, -1));
      conversation.hear([
        { type: "thinking", thinking: "", signature: `s${turn}` },
        { type: "tool_use", id: `t${turn}`, name: "probe", input: { path: "a" } },
      ]);
      conversation.say([{ type: "tool_result", tool_use_id: `t${turn}`, content: "b" }]);
    }
    for (const [index, prefix] of prefixes.slice(1).entries()) expect(prefix).toContain(prefixes[index]);
  });

  it("keeps what was said even when the speaker changes it afterwards, and hands out nothing that can be changed", () => {
    const conversation = begin();
    const input = { path: "a" };
    conversation.hear([{ type: "tool_use", id: "t", name: "probe", input }]);
    input.path = "b";
    const request = conversation.request(1);
    expect(request.messages[1]?.content).toMatchObject([{ input: { path: "a" } }]);
    expect(() => Object.assign(request.messages[0]!, { role: "assistant" })).toThrow(TypeError);
    expect(() => Object.assign(request.tools![0]!, { name: "other" })).toThrow(TypeError);
  });

  it("asks for caching, adaptive thinking and effort, and never for sampling or a forced tool", () => {
    const request = begin().request(500);
    expect(request).toMatchObject({
      max_tokens: 500,
      cache_control: { type: "ephemeral" },
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "medium" },
    });
    for (const key of ["temperature", "top_p", "top_k", "tool_choice", "thread"]) expect(request).not.toHaveProperty(key);
  });

  it("asks models that do not know adaptive thinking for neither it nor effort", () => {
    const request = begin("claude-haiku-4-5-20251001").request(500);
    expect(request).not.toHaveProperty("thinking");
    expect(request).not.toHaveProperty("output_config");
  });

  it("offers tools with strict schemas, without the keywords that those may not have", () => {
    expect(begin().request(1).tools).toEqual([
      {
        name: "probe",
        description: "Probes.",
        strict: true,
        input_schema: {
          type: "object",
          additionalProperties: false,
          properties: { path: { type: "string" }, pattern: { type: "integer" } },
          required: ["path"],
        },
      },
    ]);
  });

  it("leaves empty text out of what it sends back, and fills an empty answer", () => {
    const conversation = begin();
    conversation.hear([{ type: "text", text: "" }]);
    conversation.say([{ type: "text", text: "Go on." }]);
    expect(conversation.request(1).messages[1]).toEqual({ role: "assistant", content: [{ type: "text", text: "(no content)" }] });
  });

  it("counts the bytes that the API has not counted yet, in UTF-8", () => {
    const conversation = begin();
    expect(conversation.uncountedBytes).toBeGreaterThan("Rules.".length + "Do it.".length);
    conversation.counted(7);
    expect(conversation.contextTokens).toBe(7);
    conversation.say([{ type: "text", text: "ä€" }]);
    expect(conversation.uncountedBytes).toBe(Buffer.byteLength('{"role":"user","content":[{"type":"text","text":"ä€"}]}'));
  });
});
