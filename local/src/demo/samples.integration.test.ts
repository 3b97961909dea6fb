import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeRepositories } from "./samples.ts";

const samples = join(import.meta.dirname, "..", "..", "samples");
let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "demo-"))));
afterEach(() => rmSync(dir, { recursive: true }));

function heads(urls: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(urls).map(([name, url]) => [
      name,
      execFileSync("git", ["--git-dir", fileURLToPath(url), "rev-parse", "main"], { encoding: "utf8" }).trim(),
    ]),
  );
}

test("samples become bare repositories with the same commits each time, and existing ones stay", () => {
  const path = process.env["PATH"] ?? "";
  const first = makeRepositories(samples, join(dir, "a"), path);
  const second = makeRepositories(samples, join(dir, "b"), path);
  expect(Object.keys(first).length).toBeGreaterThanOrEqual(6);
  expect(heads(first)).toEqual(heads(second));
  const before = heads(first);
  expect(heads(makeRepositories(samples, join(dir, "a"), path))).toEqual(before);
});
