import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fillIn, type RunInput } from "@codybatch/crds";
import { z } from "zod";
import type { Worktree } from "../git/index.ts";
import { errorCode, readForeign, readMounted } from "../out/index.ts";
import type { FailingChecks } from "../clone/failing/file.ts";
import { lackingPrograms } from "./checks/index.ts";
import { readFailedChecks } from "./failed-checks.ts";
import type { Ending } from "./session/ending.ts";
import type { AgentConfig } from "./settings.ts";

const Base = z.object({ commit: z.string(), branch: z.string(), tree: z.string() });

const mostBytes = 1024 * 1024;

export interface Inputs {
  /** With the branch that was cloned, and instructions that are filled in. */
  readonly input: RunInput;
  /** Filled in. */
  readonly prompt: string;
  readonly apiKey: string;
  readonly worktree: Worktree;
  /** What the failed checks said that this attempt answers. */
  readonly failedChecks: FailingChecks | undefined;
}

/** Everything else that a run needs, or the named reason why it cannot start. */
export async function readInputs(config: AgentConfig, input: RunInput): Promise<Inputs | Ending> {
  const apiKey = await readKey(config.anthropicDir);
  if (typeof apiKey !== "string") return apiKey;
  const base = await readBase(config);
  if (base === undefined) return { reason: "CloneFailed", message: "The clone left no base to work on. Run again." };
  const prompt = await readMounted(join(config.promptDir, "prompt"));
  if (prompt === undefined) return { reason: "InternalError", message: "The prompt is not mounted. Run again." };
  const lacking = config.mailboxDir === undefined ? undefined : await lackingPrograms(config.mailboxDir);
  if (lacking !== undefined) return toolboxLacks(lacking.replaceAll(" ", ", "));
  const { branch, commit } = base;
  const worktree = { gitDir: join(config.gitDir, "repo.git"), workTree: config.workspaceDir, baseCommit: commit };
  const failedChecks = await readFailedChecks(input, config.gitDir);
  return { ...filledIn({ ...input, repository: { ...input.repository, branch } }, prompt), apiKey, worktree, failedChecks };
}

/** Said before anything is paid: no check of the batch could ever run. */
function toolboxLacks(programs: string): Ending {
  const message = `The image of the toolbox lacks ${programs}, without which no check runs. Choose another in spec.toolbox.image, or add what is missing.`;
  return { reason: "ToolboxUnavailable", message };
}

/** The user's two texts with their variables replaced. */
function filledIn(input: RunInput, prompt: string): Pick<Inputs, "input" | "prompt"> {
  const { batchChange, namespace, repository } = input;
  const { branch, instructions, name, url } = repository;
  const fill = (text: string): string =>
    fillIn(text, {
      "repository.name": name,
      "repository.owner": name.slice(0, Math.max(0, name.lastIndexOf("/"))),
      "repository.url": url,
      "repository.branch": branch,
      "batchChange.name": batchChange,
      "batchChange.namespace": namespace,
    });
  return {
    input: instructions === undefined ? input : { ...input, repository: { ...repository, instructions: fill(instructions) } },
    prompt: fill(prompt),
  };
}

async function readKey(directory: string): Promise<string | Ending> {
  const text = await readMounted(join(directory, "api-key"));
  const key = text?.trim() ?? "";
  if (key !== "") return key;
  if (text === undefined && (await isEmpty(directory))) {
    return { reason: "SecretMissing", message: "The Secret with the Claude key is missing, or it has no key api-key." };
  }
  return { reason: "KeyMissing", message: "The Secret with the Claude key has no value under api-key." };
}

/** Names that begin with `..` are the kubelet's own. */
async function isEmpty(directory: string): Promise<boolean> {
  const names = (await readdir(directory).catch(absent)) ?? [];
  return names.every((name) => name.startsWith(".."));
}

async function readBase(config: AgentConfig): Promise<z.infer<typeof Base> | undefined> {
  const bytes = await readForeign(join(config.gitDir, "base.json"), mostBytes);
  return bytes === undefined ? undefined : Base.parse(JSON.parse(bytes.toString("utf8")));
}

function absent(error: unknown): undefined {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  throw error;
}
