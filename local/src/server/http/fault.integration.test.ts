import { afterEach, describe, expect, it } from "vitest";
import type { RunningServer } from "../options.ts";
import { startServer } from "../server.ts";
import { Client } from "../testing/client.ts";
import { configMap, path } from "../testing/objects.ts";
import type { Fault } from "./fault.ts";

let server: RunningServer | undefined;
afterEach(() => server?.close());

/** A server on which this fault happens once, to the first request of the method, or to the first watch. */
async function faulty(fault: Fault, method: string): Promise<Client> {
  let left = 1;
  server = await startServer({
    onRequest: (request) => {
      const wanted = method === "watch" ? request.watch : request.method === method;
      if (!wanted || left === 0) return undefined;
      left -= 1;
      return fault;
    },
  });
  return new Client(server.url);
}

async function watchText(): Promise<string> {
  const response = await fetch(`${server?.url}${path.configMaps}?watch=1&timeoutSeconds=1`);
  let text = "";
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk;
  } catch {
    return `${text}<reset>`;
  }
  return text;
}

describe("a fault", () => {
  it.each([true, false])("answers with a status and Retry-After; the write happened: %s", async (commitFirst) => {
    const client = await faulty({ kind: "answer", status: 429, reason: "TooManyRequests", retryAfterSeconds: 7, commitFirst }, "POST");
    const { code, headers } = await client.post(path.configMaps, configMap("a"));
    expect([code, headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await client.get(`${path.configMaps}/a`)).code).toBe(commitFirst ? 200 : 404);
  });

  it("resets the connection after the write", async () => {
    const client = await faulty({ kind: "reset", commitFirst: true }, "POST");
    await expect(client.post(path.configMaps, configMap("a"))).rejects.toThrow("fetch failed");
    expect((await client.get(`${path.configMaps}/a`)).code).toBe(200);
  });

  it("never answers", async () => {
    await faulty({ kind: "silence" }, "GET");
    const signal = AbortSignal.timeout(100);
    await expect(fetch(`${server?.url}${path.configMaps}`, { signal })).rejects.toThrow("timeout");
  });

  it.each([
    ["reset", /^\{.*\}\n<reset>$/],
    ["resetMidLine", /^\{.*\}\n\{"type":"ADDED".*[^}]<reset>$/],
    ["halfLine", /^\{.*\}\n\{"type":"ADDED".*[^}\n]$/],
    ["close", /^\{.*\}\n$/],
    ["expired", /^\{.*\}\n\{"type":"ERROR".*"code":410.*\}\n$/],
    ["error", /^\{.*\}\n\{"type":"ERROR".*"code":500.*\}\n$/],
    ["silence", /^\{.*\}\n$/],
  ] as const)("cuts a watch after its first line: %s", async (how, expected) => {
    const client = await faulty({ kind: "cut", afterLines: 1, how }, "watch");
    await client.post(path.configMaps, configMap("a"));
    await client.post(path.configMaps, configMap("b"));
    expect(await watchText()).toMatch(expected);
  });

  it("loses and doubles lines of a watch", async () => {
    const client = await faulty({ kind: "edit", edit: (line, index) => (index === 0 ? [] : [line, line]) }, "watch");
    await client.post(path.configMaps, configMap("a"));
    await client.post(path.configMaps, configMap("b"));
    const names = (await watchText())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).object.metadata.name);
    expect(names).toEqual(["b", "b"]);
  });
});
