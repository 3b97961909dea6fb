import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type { Exchange } from "./gate.ts";

/** One step of an agent that it asks leave for: a file that it is about to write or read, or has written; a signal that it got. */
export interface Step {
  /** `owner/name`. */
  readonly repository: string;
  readonly when: "before" | "after";
  /** What is done to the file: a line is appended, it is put in place by renaming, opened for reading or writing; or a signal came. */
  readonly act: "append" | "put" | "read" | "write" | "signal";
  /** The file's own name, or the signal's. */
  readonly name: string;
  /** What is appended or put; else empty. */
  readonly text: string;
}

/** Undefined for a request that tells of no step. */
export function stepOf({ query, body }: Exchange): Step | undefined {
  const [repository, when, act, name] = ["repository", "when", "act", "name"].map((key) => query.get(key) ?? "");
  if (repository === undefined || (when !== "before" && when !== "after") || !isAct(act) || name === undefined) return undefined;
  return { repository, when, act, name, text: body };
}

function isAct(act: string | undefined): act is Step["act"] {
  return act !== undefined && ["append", "put", "read", "write", "signal"].includes(act);
}

/** Gives leave at once; a gate before it is what holds. */
export async function startLeave(): Promise<{ readonly url: string; readonly close: () => void }> {
  const server: Server = createServer((request, response) => void request.resume().on("end", () => response.writeHead(204).end()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Options of Node for the agent's program, so that it asks there for leave at each step. */
export function stepping(url: string): readonly string[] {
  return ["--import", `${pathToFileURL(join(import.meta.dirname, "stepwise.ts")).href}?ask=${encodeURIComponent(url)}`];
}
