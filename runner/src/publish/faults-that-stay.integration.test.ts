import { describe, expect, it } from "vitest";
import { besides, calls, under } from "./testing/under.ts";

describe.concurrent("a fault that stays", () => {
  const refusal = (call: string, reason: string): string => (besides.has(call) ? "Published with a warning" : reason);
  const isPull = (call: string): boolean => call.startsWith("pulls/");
  const staying = calls.flatMap((call) => [
    [call, 403, refusal(call, isPull(call) ? "PermissionMissing" : "NotOwned")] as const,
    [call, 404, refusal(call, isPull(call) ? "PullRequestRefused" : "NotOwned")] as const,
    [call, 503, "Unavailable"] as const,
  ]);

  it.each(staying)("%s answers %i: %s", async (call, status, expected) => {
    expect(await under(call, { status }, "always")).toBe(expected);
  });

  it.each(["pulls/list", "git/push", "issues/add-labels"])("%s answers 401: the credential is rejected", async (call) => {
    expect(await under(call, { status: 401 }, "always")).toBe("CredentialRejected");
  });

  it.each(["pulls/create", "pulls/update", "issues/add-labels", "pulls/request-reviewers"])("%s answers 422", async (call) => {
    expect(await under(call, { status: 422 }, "always")).toBe(refusal(call, "PullRequestRefused"));
  });

  it.each(calls)("%s is limited for longer than a Job waits: it ends and says until when", async (call) => {
    expect(await under(call, { status: 429, retryAfterSeconds: 300 }, "always")).toBe("RateLimited");
  });
});
