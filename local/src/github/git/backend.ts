import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { Answer } from "../answer.ts";

const backend = join(execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(), "git-http-backend");

/** A request for git's own server program. */
export interface Asked {
  /** Folder of all repositories. */
  readonly root: string;
  /** Below the root, with the name of the service at the end. */
  readonly path: string;
  readonly method: string;
  readonly query: string;
  readonly contentType: string;
  /** What the client's `Git-Protocol` says. */
  readonly protocol: string;
  readonly body: Buffer;
}

/** Lets git answer as it does behind every web server. */
export async function askGit({ root, path, method, query, contentType, protocol, body }: Asked): Promise<Answer> {
  const env = {
    PATH: process.env["PATH"] ?? "",
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    PATH_INFO: path,
    QUERY_STRING: query,
    REQUEST_METHOD: method,
    CONTENT_TYPE: contentType,
    CONTENT_LENGTH: String(body.length),
    GIT_PROTOCOL: protocol,
  };
  const child = spawn(backend, { env, stdio: ["pipe", "pipe", "ignore"] });
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  child.stdin.on("error", () => undefined);
  child.stdin.end(body);
  return parsed(await Promise.race([buffer(child.stdout), failed]));
}

function parsed(output: Buffer): Answer {
  const end = output.indexOf("\r\n\r\n");
  const fields = output
    .toString("latin1", 0, end)
    .split("\r\n")
    .map((line) => {
      const at = line.indexOf(": ");
      return [line.slice(0, at).toLowerCase(), line.slice(at + 2)] as const;
    });
  const { status = "200", ...headers } = Object.fromEntries(fields);
  return { status: Number.parseInt(status, 10), headers, body: output.subarray(end + 4) };
}
