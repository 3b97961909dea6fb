import { expect, test } from "vitest";
import { requests } from "../../../../runner/src/agent/testdata/requests.ts";
import { stage } from "./strict.ts";

const headers = { "content-type": "application/json", authorization: "Bearer key", "anthropic-version": "2026-10-21" };

test.each(requests.map((request, index) => [index, request] as const))(
  "the strict stand-in takes committed request %i of the agent, and not with one field more or less",
  async (_, request) => {
    await using on = await stage([{ say: "Taken." }], { reviews: [[{ say: "Taken." }]] });
    const post = async (body: object): Promise<number> =>
      (await fetch(`${on.pod.config.anthropicBaseURL}/v1/messages?beta=true`, { method: "POST", headers, body: JSON.stringify(body) }))
        .status;
    expect(await post(request)).toBe(200);
    expect(await post({ ...request, temperature: 1 })).toBe(400);
    expect(await post({ ...request, max_tokens: undefined })).toBe(400);
  },
);
