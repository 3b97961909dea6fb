import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DiscoverInput, PublishInput, RunInput, TrackInput } from "@codybatch/crds";
import { acme, type Stage } from "../../../../local/src/github/testing/stage.ts";
import type { ScenarioInput } from "../../../../local/src/github/scenario/scenario.ts";
import { temporary } from "../../git/testing/repository.ts";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));

export const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
/** As GitHub gives it. */
export const pkcs1 = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
export const appSecret = { "app-id": "7", "private-key": pkcs1 };

/** A scenario with an App that is installed on two of acme's repositories, and at a user. */
export function withApp(
  permissions: Readonly<Record<string, "read" | "write">>,
  more: Partial<ScenarioInput> = {},
): Partial<ScenarioInput> {
  const app = {
    id: 7,
    slug: "cody-batch",
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    installations: [
      { id: 70, account: "acme", permissions, repositories: ["acme/api", "acme/vault"] },
      { id: 71, account: "cody", permissions },
    ],
  };
  const repositories = [
    ...acme.repositories,
    { name: "cody/own", private: true, files: { "README.md": "own\n" } },
    { name: "mallory/open", files: { "README.md": "open\n" } },
  ];
  return { repositories, apps: [app], ...more };
}

const common = { version: 1, namespace: "team-a", storage: { type: "ConfigMap", maxBytes: 1_000_000 } } as const;
const batchChange = { name: "node-24", uid: "uid-b" };
const changeset = { name: "node-24-0123456789", uid: "uid-1" };
const nothing = "0".repeat(40);

/** Inputs of the containers that follow. */
export function inputs(at: Stage, name = "acme/api") {
  const repository = { url: at.remote(name), name, branch: "HEAD" };
  const own = { ...common, batchChange: "node-24", changeset, repository };
  const report = { wereChangesNecessary: true, summary: "s", explanation: "e", filesChanged: 1, additions: 1, deletions: 0 };
  const patch = { digest: "sha256:0", baseCommit: nothing, tree: nothing };
  const author = { name: "Cody Batch", email: "codybatch@acme.invalid" };
  const look = { ...common, batchChange, githubURL: at.github.url };
  return {
    change: RunInput.parse({ ...own, attempt: 0, try: 0, agent: { maxCostNanoUSD: 1 } }),
    publish: PublishInput.parse({ ...own, task: "publish", patch, branch: "b", report, author, date: "2026-11-21T10:00:00Z" }),
    discover: DiscoverInput.parse({
      ...look,
      task: "discover",
      selector: { search: "org:acme" },
      repositoryPatterns: ["**"],
      maxRepositories: 5,
    }),
    track: TrackInput.parse({
      ...look,
      task: "track",
      pullRequests: [{ changeset: changeset.name, repository: name, number: 1, publishedSHA: nothing }],
    }),
  };
}

export interface Minted extends Disposable {
  readonly code: number;
  readonly log: string;
  readonly token: string | undefined;
  readonly result: unknown;
  readonly folder: (name: string) => string;
}

export interface MintOptions {
  readonly secret: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** The command as a pod's init container runs it, with nothing in its environment but its settings. */
export async function mint(input: object, { secret, env: more = {} }: MintOptions): Promise<Minted> {
  const root = temporary("codybatch-mint-");
  const folder = (name: string): string => join(root.path, name);
  for (const name of ["input", "github-app", "github-token", "out"]) mkdirSync(folder(name));
  writeFileSync(join(folder("input"), "input.json"), JSON.stringify(input));
  for (const [key, text] of Object.entries(secret)) writeFileSync(join(folder("github-app"), key), text);
  const { code, log } = await command("mint", {
    CODYBATCH_INPUT_DIR: folder("input"),
    CODYBATCH_GITHUB_APP_DIR: folder("github-app"),
    CODYBATCH_GITHUB_TOKEN_DIR: folder("github-token"),
    CODYBATCH_OUT_DIR: folder("out"),
    CODYBATCH_MINT_RETRY_SECONDS: "0.01",
    ...more,
  });
  const read = (name: string, file: string): string | undefined =>
    readdirSync(folder(name)).includes(file) ? readFileSync(join(folder(name), file), "utf8") : undefined;
  const result = read("out", "result.json");
  return {
    code,
    log,
    folder,
    token: read("github-token", "token")?.trim(),
    result: result === undefined ? undefined : JSON.parse(result),
    [Symbol.dispose]: () => root[Symbol.dispose](),
  };
}

/** A command of the runner as a process. */
export async function command(
  name: string,
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly log: string }> {
  const env = { PATH: process.env["PATH"], ...variables };
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, [main, name], { env }, (_, __, log) => resolve({ code: child.exitCode ?? -1, log }));
  });
}
