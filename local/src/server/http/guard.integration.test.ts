import { request } from "node:http";
import { expect, it } from "vitest";
import { configMap, path } from "../testing/objects.ts";
import { freshServer } from "../testing/running.ts";

const running = freshServer();

function send(headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${running.server.url}${path.configMaps}`, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    outgoing.on("error", reject);
    outgoing.end(JSON.stringify(configMap("a")));
  });
}

it.each([
  ["a page of any site", { origin: "https://example.com" }, 403],
  ["a sandboxed page", { origin: "null" }, 403],
  ["a page whose name was rebound to this machine", { host: "example.com" }, 403],
  ["a name that only begins like this machine's", { host: "localhost.example.com" }, 403],
  ["a program that names this machine", { host: "localhost:1234" }, 201],
  ["a program that names its address", {}, 201],
])("a request of %s: %o", async (_who, headers, code) => {
  expect(await send(headers)).toBe(code);
});
