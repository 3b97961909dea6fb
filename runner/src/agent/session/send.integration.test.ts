import { randomBytes } from "node:crypto";
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
  const life = { signs: 0 };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  };
  const send = sendThrough(dispatcher, () => (life.signs += 1));
  return { url, send, life, [Symbol.asyncDispose]: close };
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

  it("gives a long answer whole to a reader that takes its time", async () => {
    const long = randomBytes(4 * 1024 * 1024);
    await using to = await serving((_, response) => response.end(long));
    const answer = await to.send(to.url);
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body!) {
      chunks.push(chunk);
      await new Promise(setImmediate);
    }
    expect(Buffer.concat(chunks).equals(long)).toBe(true);
  });

  it("tells of each sign of life, also while nobody reads", async () => {
    const said = Promise.withResolvers<void>();
    await using to = await serving((_, response) => {
      response.writeHead(200).write("one");
      void said.promise.then(() => response.end("two"));
    });
    const answer = await to.send(to.url);
    await expect.poll(() => to.life.signs).toBe(2);
    said.resolve();
    await expect.poll(() => to.life.signs).toBe(3);
    expect(await answer.text()).toBe("onetwo");
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

  it("ends when nobody wants the rest of its answer", async () => {
    const gone = Promise.withResolvers<void>();
    await using to = await serving((request, response) => {
      response.writeHead(200).write("half");
      request.socket.on("close", () => gone.resolve());
    });
    const answer = await to.send(to.url);
    await answer.body!.cancel();
    await expect(gone.promise).resolves.toBeUndefined();
  });

  it("names as its cause why there was no connection", async () => {
    await using to = await serving(() => undefined);
    await expect(to.send("http://127.0.0.1:1/")).rejects.toMatchObject({ name: "TypeError", cause: { code: "ECONNREFUSED" } });
  });
});
