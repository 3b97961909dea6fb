import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { Agent } from "undici";
import { describe, expect, it } from "vitest";
import { sendThrough } from "./send.ts";

async function serving(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const dispatcher = new Agent();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  };
  return { url, send: sendThrough(dispatcher), [Symbol.asyncDispose]: close };
}

describe("a request to the API", () => {
  it("carries method, headers and body, and gives status, headers and every chunk as it comes", async () => {
    await using to = await serving((request, response) => {
      response.writeHead(418, { "x-asked": [request.method, request.headers["x-mine"]].join(" "), "set-cookie": ["a=1", "b=2"] });
      response.write("one ");
      void once(request, "data").then(([body]) => response.end(`two ${String(body)}`));
    });
    const answer = await to.send(to.url, { method: "POST", headers: { "X-Mine": "7" }, body: "ü" });
    expect([answer.status, answer.headers.get("x-asked"), answer.headers.get("set-cookie")]).toEqual([418, "POST 7", "a=1, b=2"]);
    expect(await answer.text()).toBe("one two ü");
  });

  it("does not follow a redirect, which could lead the key elsewhere", async () => {
    const asked: string[] = [];
    await using to = await serving((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect((await to.send(to.url, { method: "POST", body: "{}" })).status).toBe(307);
    expect(asked).toEqual(["/"]);
  });

  it("ends with the signal, also in the middle of an answer", async () => {
    const gone = Promise.withResolvers<void>();
    await using to = await serving((request, response) => {
      response.writeHead(200).write("half");
      request.socket.on("close", () => gone.resolve());
    });
    const control = new AbortController();
    const answer = await to.send(to.url, { signal: control.signal });
    control.abort(new Error("enough"));
    await expect(answer.text()).rejects.toThrow("enough");
    await gone.promise;
  });

  it("names as its cause why there was no connection", async () => {
    await using to = await serving(() => undefined);
    await expect(to.send("http://127.0.0.1:1/")).rejects.toMatchObject({ name: "TypeError", cause: { code: "ECONNREFUSED" } });
  });
});
