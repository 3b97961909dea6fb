import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let child: ChildProcess | undefined;
let output: string;

afterEach(() => void child?.kill("SIGKILL"));

function start(env: Readonly<Record<string, string>>): ChildProcess {
  output = "";
  child = spawn(process.execPath, [main], { env: { PATH: process.env["PATH"], ...env } });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => void (output += text.toString()));
  return child;
}

async function exitCode(process: ChildProcess): Promise<number | null> {
  if (process.exitCode === null) await once(process, "close");
  return process.exitCode;
}

async function printed(text: string): Promise<void> {
  while (!output.includes(text)) {
    if (child?.exitCode !== null) throw new Error(`ended without saying ${JSON.stringify(text)}: ${output}`);
    await Promise.race([once(child.stdout!, "data"), once(child, "close")]);
  }
}

/** A port at which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("the operator's process", () => {
  it.each([
    ["settings are missing", {}, "no API server: set KUBECONFIG"],
    [
      "a setting is wrong",
      { CODYBATCH_API_URL: "http://127.0.0.1:1", CODYBATCH_HTTP_PORT: "x" },
      "CODYBATCH_HTTP_PORT: must be a whole number",
    ],
    ["the kubeconfig is missing", { KUBECONFIG: "/nowhere/config" }, "cannot use the kubeconfig /nowhere/config: ENOENT"],
  ])("ends with 2 and says what to do when %s", async (_, env, words) => {
    expect(await exitCode(start(env))).toBe(2);
    expect(output).toContain(words);
  });

  it("waits for an API server that does not answer, says so, and ends with 0 when asked to stop", async () => {
    const operator = start({ CODYBATCH_API_URL: `http://127.0.0.1:${await freePort()}`, CODYBATCH_HTTP_PORT: "0" });
    await printed('"attempt":2');
    expect(output).toContain("the API server does not answer; trying again");
    operator.kill("SIGTERM");
    expect(await exitCode(operator)).toBe(0);
    expect(output).toContain('"signal":"SIGTERM"');
  });
});
