import { DiscoverInput } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { codeHit, type Hit, repositoryHit, union } from "./hit.ts";
import { sift } from "./sift.ts";
import { fitsWildcard } from "./wildcard.ts";

it.each([
  ["acme/api", "acme/api", true],
  ["acme/api", "Acme/API", true],
  ["acme/legacy-web", "acme/legacy-*", true],
  ["acme/legacy-", "acme/legacy-*", true],
  ["acme/legacy", "acme/legacy-*", false],
  ["acme/api", "acme*", true],
  ["acme/api", "*", true],
  ["acme/api", "*/api", true],
  ["acme/web-api", "*/api", false],
  ["acme/web-api", "a*-*i", true],
  ["acme/api", "*a*a*", true],
  ["aa", "a*a*a", false],
  ["aba", "ab*ba", false],
  ["acme/a.b", "acme/a?b", false],
  ["acme/axb", "acme/a.b", false],
  ["acme/api", "", false],
] as const)("%s fits %j: %s", (text, pattern, fits) => {
  expect(fitsWildcard(text, pattern)).toBe(fits);
});

it("a pattern made to take long takes no time", () => {
  const startedAt = performance.now();
  expect(fitsWildcard(`${"a".repeat(139)}b`, `${"*a".repeat(127)}*c`)).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(100);
});

const hit = (full_name: string, more: object = {}): Hit => repositoryHit({ full_name, ...more });
const code = (full_name: string, path: string): Hit => codeHit({ path, repository: { full_name } });

describe("what both searches found", () => {
  it("is one list by name, in which each repository is once with all that found it", () => {
    const found = union([
      hit("acme/Web", { archived: false, fork: false }),
      code("ACME/web", "b/.nvmrc"),
      code("acme/web", "a/.nvmrc"),
      code("acme/Api", ".nvmrc"),
    ]);
    expect(found).toEqual([
      { name: "acme/Api", why: { search: false, code: { path: ".nvmrc", files: 1 } }, archived: undefined, fork: undefined },
      { name: "acme/Web", why: { search: true, code: { path: "b/.nvmrc", files: 2 } }, archived: false, fork: false },
    ]);
  });

  it.each([
    ["x/", "x/".repeat(128)],
    ["ü", "ü".repeat(128)],
    ["漢", "漢".repeat(85)],
    ["😀", "😀".repeat(64)],
  ])("keeps a long path of %j within its bytes, whole letters alone", (letter, kept) => {
    expect(code("acme/api", letter.repeat(2000)).why.code?.path).toBe(kept);
  });
});

const input = (more: object = {}): DiscoverInput =>
  DiscoverInput.parse({
    version: 1,
    task: "discover",
    namespace: "team-a",
    batchChange: { name: "b", uid: "uid-b" },
    githubURL: "https://github.com/",
    selector: { search: "x", exclude: ["acme/legacy-*"] },
    listed: [{ url: "https://github.com/ACME/Listed.git", branch: "HEAD" }],
    repositoryPatterns: ["https://github.com/acme/*"],
    maxRepositories: 5,
    storage: { type: "ConfigMap", maxBytes: 1 },
    ...more,
  });

it.each([
  ["kept", hit("acme/api"), {}, undefined],
  ["excluded", hit("acme/legacy-web"), {}, "Excluded"],
  ["excluded before all else", hit("acme/legacy-web", { archived: true }), { repositoryPatterns: [] }, "Excluded"],
  ["of another owner", hit("other/api"), {}, "NotAllowed"],
  ["of an owner with our owner's name in it", hit("notacme/api"), {}, "NotAllowed"],
  ["listed, in another spelling", hit("acme/listed"), {}, "Duplicate"],
  ["listed with another branch", hit("acme/listed"), { listed: [{ url: "https://github.com/acme/listed", branch: "next" }] }, undefined],
  ["archived", hit("acme/api", { archived: true }), {}, "Archived"],
  ["archived and asked for", hit("acme/api", { archived: true }), { selector: { search: "x", archived: true } }, undefined],
  ["a fork", hit("acme/api", { fork: true }), {}, "Fork"],
  ["a fork and asked for", hit("acme/api", { fork: true }), { selector: { search: "x", forks: true } }, undefined],
  ["not known to be either", code("acme/api", "x"), {}, undefined],
] as const)("what is %s", (_what, one, more, reason) => {
  const { kept, skipped } = sift([one], input(more));
  expect(skipped).toEqual(reason === undefined ? [] : [{ name: one.name, reason }]);
  expect(kept).toEqual(reason === undefined ? [one] : []);
});
