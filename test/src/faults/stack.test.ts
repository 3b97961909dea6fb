import { apiVersion } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { expect, test } from "vitest";
import { startLocalMode } from "../local-mode/index.ts";

test("a BatchChange runs to its end in a stack of its own, and nothing is left", async () => {
  const scenarios = [
    {
      name: "alpha",
      turns: [
        { tools: [{ name: "read_file", input: { path: "version.txt" } }] },
        { tools: [{ name: "edit_file", input: { path: "version.txt", old_text: "1", new_text: "2" } }] },
        { tools: [{ name: "get_diff" }] },
        { tools: [{ name: "report_result", input: { wereChangesNecessary: true, summary: "Version 2", explanation: "As asked." } }] },
      ],
    },
  ];
  const local = await startLocalMode({ scenarios });
  try {
    const url = local.repository("acme/alpha", { "version.txt": "1\n" });
    await local.api.create(resources.batchChanges, {
      apiVersion,
      kind: "BatchChange",
      metadata: { name: "two" },
      spec: { prompt: "Set version 2.", repositories: [{ url }] },
    });
    await local.api.untilComplete("two");
    await local.untilPodsEnded();
    expect((await local.api.changeset("acme/alpha"))?.status).toMatchObject({ phase: "Ready", diffStat: "+1 -1" });
  } catch (error) {
    console.error(local.logs());
    throw error;
  } finally {
    expect(await local.stop()).toEqual({ running: [], strays: [] });
  }
});
