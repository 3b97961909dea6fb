import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { RunInput } from "@codybatch/crds";
import { z } from "zod";
import type { Worktree } from "../git/index.ts";
import { errorCode, readForeign, readMounted } from "../out/index.ts";
import type { Ending } from "./session/ending.ts";
import type { AgentConfig } from "./settings.ts";

const Base = z.object({ commit: z.string(), branch: z.string(), tree: z.string() });

const mostBytes = 1024 * 1024;

export interface Inputs {
  readonly input: RunInput;
  readonly prompt: string;
  readonly apiKey: string;
  readonly worktree: Worktree;
}

/** Everything else that a run needs, or the named reason why it cannot start. */
export async function readInputs(config: AgentConfig, input: RunInput): Promise<Inputs | Ending> {
  const apiKey = await readKey(config.anthropicDir);
  if (typeof apiKey !== "string") return apiKey;
  const worktree = await readWorktree(config);
  if (worktree === undefined) return { reason: "CloneFailed", message: "The clone left no base to work on. Run again." };
  const prompt = await readMounted(join(config.promptDir, "prompt"));
  if (prompt === undefined) return { reason: "InternalError", message: "The prompt is not mounted. Run again." };
  return { input, prompt, apiKey, worktree };
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

async function readWorktree(config: AgentConfig): Promise<Worktree | undefined> {
  const bytes = await readForeign(join(config.gitDir, "base.json"), mostBytes);
  if (bytes === undefined) return undefined;
  const base = Base.parse(JSON.parse(bytes.toString("utf8")));
  return { gitDir: join(config.gitDir, "repo.git"), workTree: config.workspaceDir, baseCommit: base.commit };
}

function absent(error: unknown): undefined {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  throw error;
}
