import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plainGit } from "../git/testing/repository.ts";
import { startApi } from "./testing/api.ts";
import { makePod, type Pod } from "./testing/pod.ts";
import { call, inTurn, wholeRun } from "./testing/replies.ts";

const main = join(import.meta.dirname, "../main.ts");

/** The agent as the pod starts it: everything comes by environment and files. */
function start({ config }: Pod): ChildProcess {
  const env = {
    PATH: process.env["PATH"],
    CODYBATCH_INPUT_DIR: config.inputDir,
    CODYBATCH_PROMPT_DIR: config.promptDir,
    CODYBATCH_ANTHROPIC_DIR: config.anthropicDir,
    CODYBATCH_GIT_DIR: config.gitDir,
    CODYBATCH_WORKSPACE_DIR: config.workspaceDir,
    CODYBATCH_OUT_DIR: config.outDir,
    CODYBATCH_RESUME_DIR: config.resumeDir,
    CODYBATCH_TMP_DIR: config.tmpDir,
    CODYBATCH_TERMINATION_DIR: config.terminationDir,
    CODYBATCH_RIPGREP: config.ripgrep,
    ANTHROPIC_BASE_URL: config.anthropicBaseURL,
  };
  return spawn(process.execPath, [main, "agent"], { env, stdio: "ignore" });
}

describe("the agent's process", () => {
  it("ends with 0 once the recorder has stored its result", async () => {
    await using api = await startApi(inTurn(wholeRun));
    await using pod = await makePod({ url: api.url });
    expect(await once(start(pod), "exit")).toEqual([0, null]);
    expect(pod.result()).toMatchObject({ reason: "Reported", patch: { filesChanged: 1 } });
    expect(pod.said.at(-1)).toEqual({ kind: "finished" });
  });

  it("keeps its work on SIGTERM in the middle of an answer, and ends with 0", async () => {
    const reached = Promise.withResolvers<void>();
    await using api = await startApi((index) => {
      if (index < 2) return wholeRun[index]!;
      reached.resolve();
      return { kind: "stall" };
    });
    await using pod = await makePod({ url: api.url });
    const child = start(pod);
    await reached.promise;
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(pod.result()).toMatchObject({ reason: "Interrupted", patch: { filesChanged: 1 } });
    expect(pod.said.at(-1)).toEqual({ kind: "finished" });
  });

  it("leaves whole lines, a whole patch and the cost in flight when it is killed", async () => {
    const reached = Promise.withResolvers<void>();
    await using api = await startApi((index) => {
      if (index < 2) return wholeRun[index]!;
      if (index === 3) reached.resolve();
      return index === 2 ? call("get_diff") : { kind: "stall" };
    });
    await using pod = await makePod({ url: api.url });
    const child = start(pod);
    await reached.promise;
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(pod.events().at(-1)).toMatchObject({ kind: "tool", name: "get_diff", turn: 3 });
    expect(pod.progress()).toMatchObject({ turn: 4, usage: { turns: 3 }, patch: { filesChanged: 1 } });
    expect(pod.progress().inFlightNanoUSD).toBeGreaterThan(160_000_000);
    const fresh = join(pod.root, "fresh");
    plainGit(pod.root, "clone", "--quiet", pod.origin, fresh);
    plainGit(fresh, "apply", "--index", join(pod.config.outDir, "change.patch"));
    expect(plainGit(fresh, "write-tree")).toBe(pod.progress().patch?.tree);
  });
});
