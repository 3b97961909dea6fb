import { expect, it } from "vitest";
import { safeAddress } from "./safe-link.ts";

it.each(["https://github.com/acme/api/pull/1", "http://localhost:8080/x"])("links %s", (address) => {
  expect(safeAddress(address)).toBe(address);
});

it.each([
  "javascript:alert(1)",
  " JaVaScRiPt:alert(1)",
  "data:text/html,x",
  "//evil.example",
  "/etc",
  "https://a@evil.example",
  "file:///x",
  "",
])("does not link %j", (address) => {
  expect(safeAddress(address)).toBeUndefined();
});
