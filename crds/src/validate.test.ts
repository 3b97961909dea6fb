import { describe, expect, it } from "vitest";
import { badManifests } from "./testing/bad-manifests.ts";
import { describeErrors } from "./validate/field-error.ts";
import { validate } from "./validate.ts";

describe("validate refuses", () => {
  it.each(badManifests)("$kind with $name", ({ kind, object, old, path, says }) => {
    expect(old === undefined || validate(kind, old).ok).toBe(true);
    const checked = validate(kind, object, old);
    const errors = checked.ok ? [] : checked.errors;
    expect(errors.map((error) => error.path)).toContain(path);
    expect(describeErrors(kind, "x", errors)).toMatch(says);
  });
});
