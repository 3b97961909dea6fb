import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem, type } from "node:os";

/** What the figures depend on, in one line. */
export function describeMachine(): string {
  const processors = cpus();
  const memory = `${(totalmem() / 1024 ** 3).toFixed(0)} GiB`;
  const git = execFileSync("git", ["--version"], { encoding: "utf8" }).trim().replace("git version", "git");
  return `${processors.length} cores (${processors[0]?.model.trim() ?? "unknown"}), ${memory}, ${type()} ${release()}, Node ${process.versions.node}, ${git}`;
}

/** The load of the last minute: how many processes wanted a core. */
export function loadNow(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
