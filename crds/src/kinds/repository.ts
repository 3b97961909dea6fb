import { z } from "zod";
import { BranchName, RepositoryURL } from "./field.ts";

export const Repository = z.strictObject({
  url: RepositoryURL.meta({
    description: "Clone URL, https://host/owner/name. Part of the entry's key: another URL is another entry.",
    "x-codybatch-change": "immutable",
  }),
  branch: BranchName.default("HEAD").meta({
    description: "Base branch. HEAD is the repository's default branch. Part of the entry's key.",
    "x-codybatch-change": "immutable",
  }),
  instructions: z.string().max(8192).optional().meta({
    description: "What is particular to this repository; added to the prompt. The same variables.",
    "x-codybatch-change": "immutable",
  }),
});
export type Repository = z.infer<typeof Repository>;

export const RepositorySelector = z.strictObject({
  search: z.string().min(1).max(1024).optional().meta({ description: "GitHub repository search." }),
  codeSearch: z.string().min(1).max(1024).optional().meta({ description: "GitHub code search." }),
  exclude: z
    .array(z.string().min(1).max(256))
    .max(100)
    .optional()
    .meta({ description: "owner/name patterns that are left out; * matches any text." }),
  archived: z.boolean().default(false).meta({ description: "Take archived repositories, too; no pull request can be opened there." }),
  forks: z.boolean().default(false).meta({ description: "Take forks, too." }),
  limit: z.int().min(1).max(1000).default(5).meta({ description: "Most repositories taken, in the order of their names." }),
});
