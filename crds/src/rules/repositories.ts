import { z } from "zod";
import { immutable, invariant } from "./rule.ts";

const entry = { kind: "BatchChange", at: "spec.repositories[*]" } as const;

/** Which repositories, and what of an entry may be edited. */
export const repositoryRules = [
  invariant({
    kind: "BatchChange",
    at: "spec",
    field: ".repositories",
    view: z.object({ repositories: z.array(z.unknown()).optional(), repositorySelector: z.unknown().optional() }),
    cel: "(has(self.repositories) && self.repositories.size() > 0) || has(self.repositorySelector)",
    holds: (spec) => (spec.repositories ?? []).length > 0 || spec.repositorySelector !== undefined,
    message: "name at least one repository, such as - url: https://github.com/owner/name",
    reason: "Required value",
  }),
  invariant({
    kind: "BatchChange",
    at: "spec.repositorySelector",
    field: ".search",
    view: z.object({ search: z.unknown().optional(), codeSearch: z.unknown().optional() }),
    cel: "has(self.search) || has(self.codeSearch)",
    holds: ({ search, codeSearch }) => search !== undefined || codeSearch !== undefined,
    message: "say what to search for: set search, codeSearch or both",
    reason: "Required value",
  }),
  invariant({
    ...entry,
    field: ".url",
    view: z.object({ url: z.string() }),
    cel: String.raw`!self.url.matches(r'/\.\.?(/|$)')`,
    holds: ({ url }) => !/\/\.\.?(\/|$)/.test(url),
    message: "must not have . or .. as a part of its path: write the repository's own owner/name",
  }),
  invariant({
    ...entry,
    field: ".branch",
    view: z.object({ branch: z.string() }),
    cel: String.raw`!self.branch.matches(r'\.\.|//|@\{|/\.|\.lock(/|$)|[/.]$')`,
    holds: ({ branch }) => !/\.\.|\/\/|@\{|\/\.|\.lock(\/|$)|[/.]$/.test(branch),
    message: "must be a branch name that git allows: no .. or // or @{ or /. in it, no / or . or .lock at the end",
  }),
  immutable(
    "BatchChange",
    "spec.repositories[*]",
    "instructions",
    "take the repository out, or make a new BatchChange with other instructions",
  ),
];
