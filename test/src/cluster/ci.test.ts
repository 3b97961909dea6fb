import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { kubeconfigFor } from "@codybatch/local";
import { afterAll, beforeAll, expect, test } from "vitest";
import { look } from "../../../crds/src/reasons/look.ts";
import { blocksOf } from "../docs/block.ts";
import { startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { command, type CommandOutput } from "../process/command.ts";
import { changes, reports, scenario } from "../story/model.ts";
import { kubectlEnvironment, must, toolFolder } from "./control-plane.ts";

const guide = join(import.meta.dirname, "../../../docs/guide/ci.md");
let local: LocalMode;
let dir = "";
const urls = new Map<string, string>();

/** The guide's script with a real kubectl; the operator and its pods run in local mode. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "codybatch-ci-"));
  const script = blocksOf("ci.md", await readFile(guide, "utf8")).find(({ note }) => note === "file=run-batch.sh");
  await writeFile(join(dir, "run-batch.sh"), script?.text ?? "");
  local = await startLocalMode({
    secrets: { ANTHROPIC_API_KEY: "ci-key-0d1e" },
    scenarios: [
      scenario("fine", { repository: "ci/fine" }, reports(false, "Is so already")),
      scenario("poor", { repository: "ci/poor" }, { say: "I am done." }),
      scenario("due", { repository: "ci/due" }, ...changes()),
      scenario("slow", { repository: "ci/slow" }, { say: "Soon.", delayMs: 600_000 }),
    ],
  });
  await writeFile(join(dir, "kubeconfig"), kubeconfigFor(local.url));
  for (const name of ["ci/fine", "ci/poor", "ci/slow", "ci/due"]) urls.set(name, local.repository(name, { "README.md": "# One\n" }));
});
afterAll(async () => {
  await local.killPods();
  await local.stop();
  await rm(dir, { recursive: true, force: true });
});

async function environment(): Promise<Readonly<Record<string, string>>> {
  const PATH = [await toolFolder(), process.env["PATH"] ?? ""].join(delimiter);
  return { ...kubectlEnvironment(join(dir, "kubeconfig")), PATH };
}

async function runBatch(name: string, names: readonly string[], timeout = "60s", spec: object = {}): Promise<CommandOutput> {
  const repositories = names.map((repository) => ({ url: urls.get(repository) }));
  const manifest = {
    apiVersion: "codybatch.dev/v1alpha1",
    kind: "BatchChange",
    metadata: { name },
    spec: { prompt: "x", repositories, ...spec },
  };
  const file = join(dir, `${name}.json`);
  await writeFile(file, JSON.stringify(manifest));
  return command("sh", [join(dir, "run-batch.sh"), file, timeout], { env: await environment() });
}

test.each([
  { name: "all-well", repositories: ["ci/fine"], exitCode: 0, words: "all-well: Succeeded" },
  { name: "some-failed", repositories: ["ci/fine", "ci/poor"], exitCode: 1, words: "some-failed: PartiallySucceeded" },
  { name: "too-late", repositories: ["ci/slow"], exitCode: 3, words: "AgentRunning", timeout: "10s" },
  { name: "refused", repositories: ["ci/fine"], exitCode: 2, words: "", spec: { parallelism: 0 } },
  {
    name: "not-accepted",
    repositories: ["ci/fine"],
    exitCode: 2,
    words: "The ConfigMap prompt does not exist",
    spec: { prompt: undefined, promptFrom: { configMapKeyRef: { name: "prompt", key: "prompt" } } },
  },
])(
  "the script of the guide to CI ends with $exitCode when a batch is $name",
  async ({ name, repositories, exitCode, words, timeout, spec }) => {
    const done = await runBatch(name, repositories, timeout, spec);
    expect(done).toMatchObject({ exitCode, stdout: expect.stringContaining(words) as string });
  },
);

// The others need a node, Secrets or quotas, which local mode has not, or a pod that runs.
const served = [
  "batch",
  "changesets",
  "messages",
  "changeset",
  "explanation",
  "attempts",
  "patch",
  "transcript",
  "jobs",
  "batches",
] as const;

test("the commands under Look of the list of reasons show something", async () => {
  await runBatch("looked-at", ["ci/due"]);
  const env = await environment();
  const changeset = must(
    await command("kubectl", ["get", "cset", "-l", "codybatch.dev/batch-change=looked-at", "-o", "jsonpath={.items[0].metadata.name}"], {
      env,
    }),
  );
  for (const name of served) {
    const text = look[name].replaceAll("NAMESPACE", "default").replaceAll("BATCH", "looked-at").replaceAll("CHANGESET", changeset);
    const done = await command("sh", ["-c", text], { env });
    expect({ text, ...done }).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\w/) as string });
  }
});

test("the commands of a message work as they are pasted: the patch is read, then approved by whoever pastes", async () => {
  const env = await environment();
  const kubectl = async (...words: readonly string[]): Promise<string> => must(await command("kubectl", words, { env }));
  await runBatch("approved", ["ci/due"], "1s", { publish: { policy: "OnApproval" } });
  await kubectl("wait", "bc/approved", "--for=jsonpath={.status.phase}=AwaitingApproval", "--timeout=60s");
  const of = ["get", "cset", "-l", "codybatch.dev/batch-change=approved", "-o"];
  const message = await kubectl(...of, "jsonpath={.items[0].status.message}");
  const [, read = "", approve = ""] = /^Read the patch: (.*) — then approve it: (.*)$/.exec(message) ?? [];
  expect(must(await command("sh", ["-c", read], { env }))).toContain("+++ b/NEW.md");
  must(await command("sh", ["-c", approve], { env }));
  await kubectl("wait", "cset", "-l", "codybatch.dev/batch-change=approved", "--for=condition=Approved", "--timeout=30s");
  const caller = await kubectl("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}");
  expect(await kubectl(...of, "jsonpath={.items[0].spec.approval.by}")).toBe(caller);
});
