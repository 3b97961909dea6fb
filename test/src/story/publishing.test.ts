import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, scenario } from "./model.ts";
import { acme, urlsOf } from "./acme.ts";

let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode({ github: acme("plain"), scenarios: [scenario("any", {}, ...changes())] });
});
afterAll(() => endStory(local));
afterEach(({ task }) => tellFailure(local, task));

test("a change waits for an approval, and until then nothing is written to GitHub", async () => {
  const batch = await new Batch(local, "plain").create(urlsOf(local, "plain"), { publish: { policy: "OnApproval" } });
  const waiting = await batch.ends("acme/plain", "AwaitingApproval");
  expect(waiting.status.message).toContain("kubectl");
  expect(local.github.requests.filter(({ writes, token }) => writes || token === "write")).toEqual([]);
});
