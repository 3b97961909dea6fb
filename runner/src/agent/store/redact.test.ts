import { describe, expect, it } from "vitest";
import { makeRedaction } from "./redact.ts";

const redaction = makeRedaction(["hunter2-hunter2\n", "short"]);

describe("what is stored", () => {
  it("has no literal secret in any string or key, and keeps everything else", () => {
    const value = { "hunter2-hunter2": [1, null, true, "x hunter2-hunter2 y"], deep: { b: "short", c: undefined } };
    expect(redaction.value(value)).toEqual({ "[redacted]": [1, null, true, "x [redacted] y"], deep: { b: "short", c: undefined } });
  });

  it("is not a patch that holds a secret", () => {
    expect(redaction.finds(Buffer.from("+key = hunter2-hunter2"))).toBe(true);
    expect(redaction.finds(Buffer.from("+short"))).toBe(false);
  });
});
