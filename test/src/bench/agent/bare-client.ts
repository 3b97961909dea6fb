/**
 * What a client of the same library takes that does nothing else: sends prepared requests one after the other, each as soon as the answer before it
 * is read to its end. Takes the file of the requests and the address.
 */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { request } from "undici";
import { connections } from "../../../../runner/src/clone/network.ts";
import type { Passed } from "./watchmaker.ts";

// As the agent does.
setFlagsFromString("--always-sparkplug");

const [file = "", url = ""] = process.argv.slice(2);
const dispatcher = connections({ httpProxy: undefined, httpsProxy: undefined, noProxy: undefined, caFile: undefined });
for (const { path, headers, body } of JSON.parse(readFileSync(file, "utf8")) as readonly Passed[]) {
  const answer = await request(`${url}${path}`, { dispatcher, method: "POST", headers, body });
  const bytes = await answer.body.bytes();
  if (answer.statusCode !== 200 || bytes.length === 0) throw new Error(`the stand-in answered ${answer.statusCode}`);
}
await dispatcher.close();
