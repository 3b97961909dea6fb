import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { must } from "../cluster/control-plane.ts";
import { type Block, blocksOf } from "../docs/block.ts";
import { changes, scenario } from "../story/model.ts";
import { tagImage } from "./cluster.ts";
import { Person } from "./person.ts";
import { Stage } from "./stage.ts";

const root = join(import.meta.dirname, "../../..");
const first = blocksIn("first-batch.md");
const shell = first.filter(({ note }) => note === "run on a node");
/** From here on everything is taken down again. */
const end = shell.findIndex(({ text }) => text.includes("helm uninstall"));
const otherPages = ["ci.md", "install.md", "troubleshooting.md"];
const others = otherPages.flatMap(blocksIn).filter(({ note }) => note === "run on a node");

let stage: Stage;
let reader: Person;
let swaps: readonly (readonly [string, string])[];
beforeAll(async () => {
  stage = await Stage.open({ name: "guide", scenarios: [scenario("any", {}, ...changes("MAINTENANCE.md"))] });
  reader = new Person(stage);
  symlinkSync(join(root, "charts"), join(stage.dir, "charts"));
  swaps = swapsFor(stage.repository("owner/name"));
  for (const program of ["operator", "runner"] as const)
    await tagImage(stage.cluster, stage.cluster.images[program], `docker.io/library/codybatch-${program}:0.1.0`);
});
afterAll(async () => {
  await reader.does("helm uninstall cody-batch --namespace cody-batch --ignore-not-found");
  const gone = stage.site.kubectl(["delete", "namespace", "team-a", "cody-batch", "--ignore-not-found", "--timeout=120s"]);
  await stage.close();
  must(await gone);
});
afterEach(({ task }) => stage.tellFailure(task));

function blocksIn(page: string): readonly Block[] {
  return blocksOf(page, readFileSync(join(root, "docs/guide", page), "utf8"));
}

/** All that is not as a reader types it: their repository, their key, and, on this machine, no GitHub, no Claude, and CRDs that are there already. */
function swapsFor(repository: string): readonly (readonly [string, string])[] {
  const here = `--set crds.install=false --set anthropic.baseURL=${stage.claude.url} --set 'limits.repositoryPatterns={${repository}}'`;
  return [
    ["https://github.com/OWNER/NAME", repository],
    ["helm install cody-batch charts/cody-batch ", `helm install cody-batch charts/cody-batch ${here} `],
    ['"$ANTHROPIC_API_KEY"', "stand-in"],
  ];
}

function here(text: string): string {
  return swaps.reduce((swapped, [theirs, ours]) => swapped.replaceAll(theirs, () => ours), text);
}

/** Gives what the block prints. */
async function run({ text }: Block): Promise<string> {
  return reader.does(here(text));
}

/** What the reader sees of the change; other blocks only have to succeed and say something. */
function expected({ text }: Block): RegExp {
  if (text.includes("apply -f first.yaml")) return / AwaitingApproval +ApprovalNeeded +\+1 -0 /;
  if (text.includes("base64 -d | gunzip")) return /^\+new$/m;
  return /\w/;
}

describe("the first batch, from top to bottom", () => {
  test("its manifest is saved as the page says, with a repository of the reader's", () => {
    const [manifest, ...more] = first.filter(({ note }) => note.startsWith("file="));
    expect(more).toEqual([]);
    expect(manifest?.text).toContain("https://github.com/OWNER/NAME");
    writeFileSync(join(stage.dir, manifest!.note.slice("file=".length)), here(manifest!.text));
  });

  test.each(shell.slice(0, end))("$document:$line", async (block) => {
    expect(await run(block)).toMatch(expected(block));
  });

  test.each(others)("meanwhile $document:$line", async (block) => {
    expect(await run(block)).toMatch(expected(block));
  });

  test.each(shell.slice(end))("$document:$line", async (block) => {
    await run(block);
    expect(await reader.does("kubectl -n team-a get bc,cset,jobs --ignore-not-found; helm list --namespace cody-batch --short")).toBe("");
  });
});

test("what is not run on the node is what makes and ends a reader's own cluster and images", () => {
  const replaced = first.filter(({ note }) => note.startsWith("replaced in the test: "));
  const programs = replaced.flatMap(({ text }) =>
    text
      .trim()
      .split("\n")
      .map((line) => line.split(" ").slice(0, 2).join(" ")),
  );
  expect(programs).toEqual(["kind create", "npm run", "kind load", "kind delete"]);
  expect(end).toBeGreaterThan(2);
});

test("no block of another page waits for a node, but for those of claims, which have a test of their own", () => {
  const pages = readdirSync(join(root, "docs/guide")).filter((page) => blocksIn(page).some(({ note }) => note === "run on a node"));
  expect(pages.filter((page) => page !== "claim.md").toSorted()).toEqual([...otherPages, "first-batch.md"].toSorted());
});
