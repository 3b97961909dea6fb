import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { describe, expect, it } from "vitest";
import { waitMs } from "./back-off.ts";
import { classify } from "./failure.ts";

function failed(
  status: number | undefined,
  type: string,
  rest: { readonly code?: string; readonly headers?: Record<string, string> } = {},
): unknown {
  const details = rest.code === undefined ? undefined : { error_code: rest.code };
  const body = { type: "error", error: { type, message: "words that may change", details } };
  if (status === undefined) return new APIError(undefined, body, undefined, new Headers(), type as never);
  return APIError.generate(status, body, undefined, new Headers(rest.headers));
}

const tlsError = (code: string): Error => new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) });

describe("a failed request", () => {
  it.each([
    ["529", failed(529, "overloaded_error"), false],
    ["500", failed(500, "api_error"), false],
    ["503 from a gateway", failed(503, "whatever"), false],
    ["429", failed(429, "rate_limit_error"), false],
    ["408", failed(408, "timeout_error"), false],
    ["409", failed(409, "conflict"), false],
    ["400 with the server's word that it passes", failed(400, "x", { headers: { "x-should-retry": "true" } }), false],
    ["an overload within a stream", failed(undefined, "overloaded_error"), true],
    ["a lost connection", new APIConnectionError({ cause: Object.assign(new Error("x"), { code: "ECONNRESET" }) }), true],
    [
      "a refused connection",
      new APIConnectionError({ cause: Object.assign(new Error("x"), { cause: Object.assign(new Error("y"), { code: "ECONNREFUSED" }) }) }),
      false,
    ],
    ["a certificate that is not trusted", new APIConnectionError({ cause: tlsError("SELF_SIGNED_CERT_IN_CHAIN") }), false],
    ["a stream that cannot be read", new SyntaxError("x"), true],
  ])("is sent again after %s", (_, error, mayBeCharged) => {
    expect(classify(error, 0)).toMatchObject({ kind: "retry", mayBeCharged });
  });

  it.each([
    ["400", failed(400, "invalid_request_error")],
    ["401", failed(401, "authentication_error")],
    ["402", failed(402, "billing_error")],
    ["403", failed(403, "permission_error")],
    ["404", failed(404, "not_found_error")],
    ["413", failed(413, "request_too_large")],
    ["an invalid request within a stream", failed(undefined, "invalid_request_error")],
    ["500 with the server's word that it stays", failed(500, "api_error", { headers: { "x-should-retry": "false" } })],
    ["429 for a spending limit", failed(429, "rate_limit_error", { code: "enforced_spend_limit_reached" })],
    ["429 for the contract's limit", failed(429, "rate_limit_error", { code: "contract_spend_limit_reached" })],
    ["403 for an organisation on hold", failed(403, "permission_error", { code: "organization_on_hold" })],
  ])("is given up after %s, with advice", (_, error) => {
    const failure = classify(error, 0);
    expect(failure.kind).toBe("rejected");
    expect(failure).toHaveProperty("advice", expect.stringMatching(/run again/));
  });

  it.each([400, 404])("names the field of the model that was asked: %s", (status) => {
    expect(classify(failed(status, "x"), 0)).toHaveProperty("advice", expect.stringContaining("Check spec.agent.model "));
    expect(classify(failed(status, "x"), 0, "spec.review.model")).toHaveProperty(
      "advice",
      expect.stringContaining("Check spec.review.model "),
    );
  });

  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after-ms": "250", "retry-after": "7" }, 250],
    [{ "retry-after": "Thu, 01 Jan 1970 00:01:00 GMT" }, 60_000],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
  ])("waits as %j asks", (headers, retryAfterMs) => {
    expect(classify(failed(429, "rate_limit_error", { headers: headers as Record<string, string> }), 0)).toMatchObject({ retryAfterMs });
  });
});

describe("the wait before a retry", () => {
  it.each([
    [0, 0, 1000],
    [0, 1, 2000],
    [1, 1, 4000],
    [4, 1, 32_000],
    [9, 1, 60_000],
    [9, 0, 30_000],
  ])("after %i retries with luck %f is %i ms", (retries, random, expected) => {
    expect(waitMs({ retries, random, firstMs: 2000, retryAfterMs: undefined })).toBe(expected);
  });

  it("is what the server asked for, without a cap of its own", () => {
    expect(waitMs({ retries: 0, random: 1, firstMs: 2000, retryAfterMs: 3_600_000 })).toBe(3_600_000);
  });
});
