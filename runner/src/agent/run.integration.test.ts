import { describe, expect, it } from "vitest";
import { startApi } from "./testing/api.ts";
import { makePod } from "./testing/pod.ts";
import { inTurn, wholeRun } from "./testing/replies.ts";

describe("a run that goes well", () => {
  it("edits, reviews itself once, reports, and leaves patch, transcript and result", async () => {
    await using api = await startApi(inTurn(wholeRun));
    await using pod = await makePod({ url: api.url });
    await pod.run();
    expect(pod.result()).toMatchObject({
      reason: "Reported",
      report: { wereChangesNecessary: true, filesChanged: 1, additions: 1, deletions: 1 },
      standIn: true,
      usage: { turns: 4, input: 400, output: 200 },
    });
    expect(pod.patch()).toContain('+  "engines": { "node": "24" }');
    expect(pod.events().map((event) => event.kind)).toEqual([
      "started",
      "system",
      "user",
      "assistant",
      "tool",
      "assistant",
      "tool",
      "patch",
      "assistant",
      "tool",
      "assistant",
      "tool",
      "ended",
    ]);
    expect(pod.said).toEqual([{ kind: "hello", version: 1 }, { kind: "finished" }]);
    expect(api.requests[3]?.body.messages.at(-1)?.content[0]?.["content"]).toContain("Not ended yet");
  });
});
