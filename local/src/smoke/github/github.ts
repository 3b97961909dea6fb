import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Options } from "./options.ts";

/** Closes the pull request, as its owner would. Throws with what GitHub answered. */
export async function closePull({ url, name, writeToken }: Options, number: number): Promise<void> {
  const api = process.env["GITHUB_API_URL"] ?? (url.host === "github.com" ? "https://api.github.com" : `${url.origin}/api/v3`);
  const headers = { authorization: `Bearer ${writeToken}`, accept: "application/vnd.github+json", "user-agent": "cody-batch" };
  const body = JSON.stringify({ state: "closed" });
  const answer = await fetch(`${api}/repos/${name}/pulls/${number}`, {
    method: "PATCH",
    headers,
    body,
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok)
    throw new Error(`closing pull request ${number} was answered with ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}

/** Deletes a branch; git reads the token from a file of a folder that is private. */
export function deleteBranch({ url, writeToken }: Options, branch: string, dir: string): void {
  writeFileSync(join(dir, "credentials"), `${url.protocol}//x-access-token:${writeToken}@${url.host}\n`, { mode: 0o600 });
  const helpers = ["-c", "credential.helper=", "-c", "credential.helper=store --file=credentials"];
  execFileSync("git", ["init", "--quiet", "--bare", "none"], { cwd: dir, stdio: ["ignore", "ignore", "inherit"] });
  execFileSync("git", ["--git-dir=none", ...helpers, "push", "--quiet", "--", url.href, `:refs/heads/${branch}`], {
    cwd: dir,
    env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
    stdio: ["ignore", "inherit", "inherit"],
  });
}
