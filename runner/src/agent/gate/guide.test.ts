import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { deniedPaths } from "./denied-paths.ts";
import { mostAddedLines, mostFileBytes, mostFiles, mostPatchBytes } from "./size.ts";

const guide = readFileSync(new URL("../../../../docs/guide/gate.md", import.meta.url), "utf8");

it("the guide names every denied path and no other", () => {
  const section = guide.slice(guide.indexOf("- git and its hooks"), guide.indexOf("## Secrets"));
  const named = [...section.matchAll(/`([^`]+)`/g)].map(([, path]) => path);
  expect(named).toEqual(deniedPaths);
});

it("the guide names the limits", () => {
  const mebibyte = 1024 * 1024;
  const sizes = [
    `${mostFiles} files`,
    `${mostAddedLines} added lines`,
    `${mostFileBytes / mebibyte} MiB by`,
    `${mostPatchBytes / mebibyte} MiB of patch`,
  ];
  for (const size of sizes) expect(guide).toContain(size);
});
