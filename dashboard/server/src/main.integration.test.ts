import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startServer } from "../../../local/src/server/index.ts";

const program = join(import.meta.dirname, "main.ts");
const start = (env: Readonly<Record<string, string>>) => spawn(process.execPath, [program], { env: { PATH: process.env["PATH"], ...env } });

it("serves until it is asked to stop, and ends a stream before itself", async () => {
  const api = await startServer();
  const ports = { CODYBATCH_DASHBOARD_PORT: "0", CODYBATCH_DASHBOARD_METRICS_PORT: "0" };
  const dashboard = start({ CODYBATCH_API_URL: api.url, CODYBATCH_DASHBOARD_AUTH: "none", ...ports });
  const exited = once(dashboard, "exit");
  let url = "";
  for await (const line of createInterface(dashboard.stdout)) {
    const said = JSON.parse(line) as { msg: string; port?: number };
    if (said.msg === "the dashboard listens") url = `http://127.0.0.1:${said.port}`;
    if (url !== "") break;
  }
  let stream: Response | undefined;
  while (stream?.status !== 200) stream = await fetch(`${url}/api/v1/stream?topics=batches`);
  const text = stream.text();
  dashboard.kill("SIGTERM");
  expect(await text).toContain('"reason":"Shutdown"');
  expect(await exited).toEqual([0, null]);
  await api.close();
});

it("names a wrong setting and what to do, and ends with 2", async () => {
  const dashboard = start({
    CODYBATCH_API_URL: "http://127.0.0.1:1",
    CODYBATCH_DASHBOARD_AUTH: "none",
    CODYBATCH_DASHBOARD_HOST: "0.0.0.0",
  });
  let said = "";
  dashboard.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  expect(await once(dashboard, "exit")).toEqual([2, null]);
  expect(said).toMatch(/settings are wrong.*\n.*port-forward/);
});
