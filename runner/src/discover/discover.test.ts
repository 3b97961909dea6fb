import { DiscoverInput } from "@codybatch/crds";
import { expect, it } from "vitest";
import type { GitHubReader } from "../github/reader.ts";
import { discover } from "./discover.ts";
import { withForks } from "./search.ts";

const input = (selector: object, more: object = {}): DiscoverInput =>
  DiscoverInput.parse({
    version: 1,
    task: "discover",
    namespace: "team-a",
    batchChange: { name: "b", uid: "uid-b" },
    githubURL: "https://github.com",
    selector,
    repositoryPatterns: ["https://github.com/*/*"],
    maxRepositories: 1000,
    storage: { type: "ConfigMap", maxBytes: 1 },
    ...more,
  });

interface Script {
  readonly total?: number;
  readonly incomplete?: boolean;
  /** Instead of the names that it makes up. */
  readonly names?: readonly string[];
  /** Where GitHub says that a repository is now. */
  readonly moved?: Readonly<Record<string, string>>;
}

/** Answers of a form that no stand-in gives: more than a thousand, not all, hostile. */
function scripted({ total, incomplete = false, names = numbered(Math.min(total ?? 0, 1000)), moved = {} }: Script) {
  const asked: string[] = [];
  const reader: GitHubReader = {
    requests: 0,
    search: async (kind, query, page) => {
      asked.push(`${kind} ${query} ${page}`);
      const items = names.slice((page - 1) * 100, page * 100).map((full_name) => ({ full_name, archived: false, fork: false }));
      return { total_count: total ?? names.length, incomplete_results: incomplete, items };
    },
    graphql: async (_query, variables) => {
      const count = Object.keys(variables).filter((name) => name.startsWith("n")).length;
      asked.push(`graphql ${count}`);
      const nameOf = (index: number): string => `${variables[`o${index}`]}/${variables[`n${index}`]}`;
      const repository = (index: number): object => ({
        nameWithOwner: moved[nameOf(index)] ?? nameOf(index),
        isArchived: false,
        isFork: false,
        viewerPermission: "READ",
        defaultBranchRef: { name: "main" },
        optOut: null,
      });
      return { data: Object.fromEntries(Array.from({ length: count }, (_, index) => [`r${index}`, repository(index)])), faults: [] };
    },
  };
  return { reader, asked };
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `acme/r${String(index).padStart(4, "0")}`);
}

it("what GitHub cuts off is told, and nothing is asked beyond it", async () => {
  const { reader, asked } = scripted({ total: 2345, incomplete: true });
  const { outcome, discovery } = await discover(input({ search: "org:acme", limit: 3 }), reader);
  expect(asked).toEqual([...Array.from({ length: 10 }, (_, page) => `repositories org:acme ${page + 1}`), "graphql 10"]);
  expect(outcome).toMatchObject({
    kind: "Discovered",
    repositories: [{ name: "acme/r0000" }, { name: "acme/r0001" }, { name: "acme/r0002" }],
    message:
      "3 repositories of 1000 found are taken. Left out: BeyondLimit 997. GitHub gives the first 1,000 of the 2345 matches of spec.repositorySelector.search only: narrow it to see all. GitHub ran out of time with spec.repositorySelector.search, so some may be missing: narrow it.",
  });
  expect(discovery).toMatchObject({
    found: 1000,
    skippedCounts: { BeyondLimit: 997 },
    search: { matched: 2345, read: 1000, truncated: true, incomplete: true },
  });
  expect(discovery?.skipped).toHaveLength(500);
});

it("a thousand are looked up fifty at a time", async () => {
  const { reader, asked } = scripted({ total: 1000 });
  const { outcome } = await discover(input({ search: "x", limit: 1000 }), reader);
  expect(outcome.kind === "Discovered" && outcome.repositories).toHaveLength(1000);
  expect(asked.filter((one) => one === "graphql 50")).toHaveLength(20);
});

it("an empty page ends a search whose count promises more", async () => {
  const { reader, asked } = scripted({ total: 500, names: numbered(150) });
  const { discovery } = await discover(input({ search: "x" }), reader);
  expect(asked.filter((one) => one.startsWith("repositories"))).toHaveLength(3);
  expect(discovery?.search).toMatchObject({ matched: 500, read: 150, truncated: false });
});

it.each(["acme/..", "../../etc", "acme/a\nb", "acme/a b", "acme/<b>", "-x/api"])(
  "an answer with the name %j is not GitHub's",
  async (name) => {
    const { reader } = scripted({ names: ["acme/api", name] });
    await expect(discover(input({ search: "x" }), reader)).rejects.toMatchObject({
      name: "Unavailable",
      message: expect.stringContaining("items.1.full_name") as string,
    });
  },
);

it("more than the administrator allows is refused, and none of them is told", async () => {
  const { reader } = scripted({ names: numbered(3) });
  const listed = [{ url: "https://github.com/acme/listed", branch: "HEAD" }];
  const { outcome } = await discover(input({ search: "x", limit: 4 }, { maxRepositories: 3, listed }), reader);
  expect(outcome).toEqual({
    kind: "Refused",
    reason: "LimitExceeded",
    message:
      "1 listed and 3 found repositories are together more than the 3 that the administrator allows in one batch; nothing runs. Make a new BatchChange: set spec.repositorySelector.limit, now 4, to at most 2, or ask for a higher limit.",
  });
});

it("a listed default branch is not found a second time", async () => {
  const { reader } = scripted({ names: numbered(2) });
  const listed = [{ url: "https://github.com/acme/r0000", branch: "main" }];
  const { outcome, discovery } = await discover(input({ search: "x" }, { listed }), reader);
  expect(discovery?.skipped).toEqual([{ name: "acme/r0000", reason: "Duplicate" }]);
  expect(outcome).toMatchObject({ repositories: [{ name: "acme/r0001", push: "no", defaultBranch: "main" }] });
});

it("what has moved since GitHub indexed it is left out, for its new owner was not looked at", async () => {
  const { reader } = scripted({ names: ["acme/api", "acme/web"], moved: { "acme/api": "evil/api", "acme/web": "Acme/Web" } });
  const { outcome, discovery } = await discover(input({ search: "x" }, { repositoryPatterns: ["https://github.com/acme/*"] }), reader);
  expect(discovery?.skipped).toEqual([{ name: "acme/api", reason: "NotReadable" }]);
  expect(outcome).toMatchObject({ repositories: [{ name: "Acme/Web", url: "https://github.com/acme/web" }] });
});

it("a selector without a search asks nothing", async () => {
  const { reader, asked } = scripted({});
  expect(await discover(input({}), reader)).toMatchObject({ outcome: { kind: "Refused", reason: "SearchRefused" } });
  expect(asked).toEqual([]);
});

it.each([
  ["org:acme", true, "org:acme fork:true"],
  ["org:acme", false, "org:acme"],
  ["org:acme fork:only", true, "org:acme fork:only"],
  ["-fork:true x", true, "-fork:true x"],
  ["pitchfork:x", true, "pitchfork:x fork:true"],
])("%j with forks %s is sent as %j", (query, forks, sent) => {
  expect(withForks(query, forks)).toBe(sent);
});
