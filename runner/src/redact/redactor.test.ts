import { describe, expect, it } from "vitest";
import { makeRedactor } from "./redactor.ts";
import { planted } from "./testing/planted.ts";

describe("makeRedactor", () => {
  it.each([
    ["a literal secret", "login with hunter2hunter2 now", "login with [redacted] now"],
    ["a secret inside JSON", String.raw`{"text":"pass\"word/1"}`, '{"text":"[redacted]"}'],
    ["a secret inside a URL", "https://u:pass%22word%2F1@host", "https://u:[redacted]@host"],
    ["a longer secret that holds a shorter one", "hunter2hunter2more", "[redacted]"],
    ["a GitHub token", `token=ghp_${"a1".repeat(18)};`, "token=[redacted];"],
    ["a fine-grained GitHub token", `github_pat_${"A1_".repeat(20)} x`, "[redacted] x"],
    ["an Anthropic key", `"sk-ant-api03-${"x-_".repeat(20)}"`, '"[redacted]"'],
  ])("hides %s", (_, text, expected) => {
    expect(makeRedactor(["hunter2hunter2", "hunter2hunter2more", 'pass"word/1\n'])(text)).toBe(expected);
  });

  it.each(Object.entries(planted))("hides %s, also as lines of a diff", (_, secret) => {
    for (const text of [`before ${secret} after`, `+one\n+${secret.replaceAll("\n", "\n+")}\n+after`]) {
      const hidden = makeRedactor()(text);
      expect(hidden).toContain("[redacted]");
      expect(hidden).toMatch(/after$/);
      for (const part of secret.match(/[A-Za-z0-9]{12,}/g) ?? []) expect(hidden).not.toContain(part);
    }
  });

  it("is done soon with text made to keep it busy", () => {
    const redact = makeRedactor();
    const seeds = [
      "-----BEGIN PRIVATE KEY-----",
      `-----BEGIN PRIVATE KEY-----${"A".repeat(40)}`,
      "ghs_1_aaaaaaaaaa.",
      "a://b:",
      "sk-ant-",
      "SECRET_KEY=",
    ];
    for (const seed of seeds) expect(redact(seed.repeat(4000))).toBeDefined();
  });

  it.each(["ghp_short", "sk-ant-", "a ghost_writer", "x"])("leaves %s alone", (text) => {
    expect(makeRedactor(["x", ""])(text)).toBe(text);
  });
});
