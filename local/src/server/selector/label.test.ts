import { describe, expect, it } from "vitest";
import { labelMatcher } from "./label.ts";

const labels = { app: "web", "codybatch.dev/role": "change" };

describe("a label selector", () => {
  it.each([
    ["", true],
    ["app=web", true],
    ["app==web", true],
    ["app = web , codybatch.dev/role=change", true],
    ["app=api", false],
    ["app!=api", true],
    ["missing!=x", true],
    ["app", true],
    ["!app", false],
    ["!missing", true],
    ["app in (api, web)", true],
    ["app in (api)", false],
    ["missing in (api)", false],
    ["app notin (api,db)", true],
    ["missing notin (api)", true],
    ["app=web,codybatch.dev/role in (change,publish),!missing", true],
  ])("%s: %s", (selector, expected) => {
    expect(labelMatcher(selector)(labels)).toBe(expected);
  });

  it.each(["a b", "=x", "a=b=c", "a in b", "a in (b", "a>1"])("%s cannot be read", (selector) => {
    expect(() => labelMatcher(selector)).toThrow("unable to parse requirement");
  });
});
