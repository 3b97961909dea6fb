import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const program = join(import.meta.dirname, "../../../operator/src/main.ts");
/** The operator's own longest stop in milliseconds, and a little more. */
const stopWithin = 30_000;

/** The real operator as a process of its own. */
export interface OperatorProcess {
  /** Everything it has logged so far. */
  readonly log: () => string;
  /** SIGTERM; the exit code tells whether it ended in order. */
  readonly stop: () => Promise<number | null>;
  /** As a fault would. */
  readonly kill: () => Promise<void>;
}

/** Starts the operator against the cluster of a kubeconfig, with times that suit tests. The Lease keeps its 15 s: on a busy machine shorter ones get lost. */
export function startOperatorProcess(kubeconfig: string): OperatorProcess {
  const env = {
    PATH: process.env["PATH"],
    KUBECONFIG: kubeconfig,
    CODYBATCH_HTTP_PORT: "0",
    CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY: "true",
    CODYBATCH_RETRY_DELAY_SECONDS: "1",
    CODYBATCH_STATUS_INTERVAL_SECONDS: "0.2",
    CODYBATCH_RESULT_WAIT_SECONDS: "5",
    CODYBATCH_DELETING_SLACK_SECONDS: "2",
  };
  const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => lines.push(text));
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<number | null> => {
    if (child.exitCode === null) child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), stopWithin);
    await exited;
    clearTimeout(timer);
    return child.exitCode;
  };
  return { log: () => lines.join(""), stop: () => end("SIGTERM"), kill: async () => void (await end("SIGKILL")) };
}
