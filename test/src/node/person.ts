import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { parse } from "yaml";
import { z } from "zod";
import { kubectlEnvironment } from "../cluster/control-plane.ts";
import { command, type CommandOutput } from "../process/command.ts";
import type { Stage } from "./stage.ts";

const Kubeconfig = z.looseObject({
  users: z.tuple([z.looseObject({ user: z.looseObject({}) })]),
  contexts: z.tuple([z.looseObject({ context: z.looseObject({}) })]),
});

/** Somebody with a shell and a kubectl that asks in their name, with the stage's namespace and folder as the place of work. */
export class Person {
  readonly #env: Readonly<Record<string, string>>;
  readonly #dir: string;

  /** Without a name the cluster's administrator. */
  constructor({ cluster, dir, namespace }: Stage, name?: string) {
    this.#dir = dir;
    const kubeconfig = join(dir, `kubeconfig-${name ?? "admin"}`);
    writeFileSync(kubeconfig, JSON.stringify(inPlaceOf(cluster.kubeconfig, namespace, name)), { mode: 0o600 });
    this.#env = { ...kubectlEnvironment(kubeconfig), PATH: [cluster.tools, process.env["PATH"] ?? ""].join(delimiter) };
  }

  /** Types it into a shell that stops at the first fault. */
  async tries(text: string): Promise<CommandOutput> {
    return command("bash", ["-euo", "pipefail", "-c", text], { cwd: this.#dir, env: this.#env });
  }

  /** Types it and lets it run until it is stopped; `lines` grows. */
  watches(text: string): { readonly lines: readonly string[]; readonly stop: () => void } {
    const child = spawn("bash", ["-c", `exec ${text}`], {
      cwd: this.#dir,
      env: { ...process.env, ...this.#env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
    return { lines, stop: () => void child.kill() };
  }

  /** What it prints; a failing exit code is an error. */
  async does(text: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.tries(text);
    if (exitCode !== 0) throw new Error(`exit code ${exitCode} of ${text}\n${stdout}${stderr}`);
    return stdout;
  }
}

/** The administrator's kubeconfig for one namespace, by impersonation as somebody else. */
function inPlaceOf(path: string, namespace: string, name: string | undefined): object {
  const config = Kubeconfig.parse(parse(readFileSync(path, "utf8")));
  const [entry] = config.users;
  const [place] = config.contexts;
  const user = { ...entry.user, ...(name === undefined ? {} : { as: name }) };
  return {
    ...config,
    users: [{ ...entry, user }],
    contexts: [{ ...place, context: { ...place.context, namespace } }],
  };
}
