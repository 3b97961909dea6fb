/** How a git command failed: it could not start, ended with a code, ran too long, said too much, or was called off. */
export type GitFault = "start" | "exit" | "timeout" | "output" | "aborted";

interface GitFailure {
  readonly args: readonly string[];
  readonly fault: GitFault;
  readonly exitCode?: number;
  readonly stderr: string;
  readonly cause?: unknown;
}

/** A git command failed. `args` and `stderr` (its last 4 KiB) hold no userinfo of URLs. */
export class GitError extends Error {
  readonly args: readonly string[];
  readonly fault: GitFault;
  readonly exitCode: number | undefined;
  readonly stderr: string;

  constructor(failure: GitFailure) {
    const args = failure.args.map(withoutUserinfo);
    const stderr = withoutUserinfo(failure.stderr).trim();
    const how = failure.fault === "exit" ? `exit code ${failure.exitCode}` : failure.fault;
    super(`git ${args[0] ?? ""}: ${how}${stderr === "" ? "" : `: ${stderr}`}`, { cause: failure.cause });
    this.name = "GitError";
    this.args = args;
    this.fault = failure.fault;
    this.exitCode = failure.exitCode;
    this.stderr = stderr;
  }
}

function withoutUserinfo(text: string): string {
  return text.replace(/\/\/[^@/\s]+@/g, "//");
}
