import { expect, it } from "vitest";
import { matchesAny } from "./patterns.ts";

it.each([
  ["https://github.com/acme/api", ["https://github.com/*/*"], true],
  ["https://github.com/Acme/API", ["https://github.com/acme/*"], true],
  ["https://github.com/acme/api/more", ["https://github.com/*/*"], false],
  ["https://github.com/acme/api/more", ["https://github.com/**"], true],
  ["https://evil.example/github.com/acme", ["https://github.com/*/*"], false],
  ["https://githubXcom/acme/api", ["https://github.com/*/*"], false],
  ["x", [], false],
  ["x", ["y", "x"], true],
])("%s against %j: %s", (text, patterns, fits) => {
  expect(matchesAny(text, patterns)).toBe(fits);
});
