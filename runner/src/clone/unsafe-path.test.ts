import { describe, expect, it } from "vitest";
import { caseCollision, unsafePath } from "./unsafe-path.ts";

describe("unsafePath", () => {
  it.each([
    [".git/config", "git's own folder"],
    ["a/.GIT/hooks/post-checkout", "git's own folder"],
    ["GIT~1/config", "git's own folder"],
    [".git. ./x", "git's own folder"],
    [".git::$INDEX_ALLOCATION/x", "git's own folder"],
    [".g\u200cit/config", "git's own folder"],
    ["../x", "outside"],
    ["a/../../x", "outside"],
    ["/etc/passwd", "outside"],
    ["a//b", "outside"],
    ["a/./b", "outside"],
    ["a\\..\\b", "backslash"],
  ])("refuses %s", (path, why) => {
    expect(unsafePath(path)).toContain(why);
  });

  it.each(["a", ".gitignore", ".github/x", "a.git/b", "..a/b..", ".git-blame", "git~2", "digit~1"])("accepts %s", (path) => {
    expect(unsafePath(path)).toBeUndefined();
  });
});

describe("caseCollision", () => {
  it("finds names that differ only in case or in how an accent is composed", () => {
    expect(caseCollision(["a/b", "A/B"])).toEqual(["a/b", "A/B"]);
    expect(caseCollision(["\u00e9", "e\u0301"])).toBeDefined();
    expect(caseCollision(["a", "b", "a/c"])).toBeUndefined();
  });
});
