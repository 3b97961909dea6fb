import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { reports } from "../model.ts";
import { stage, type Turn } from "./strict.ts";

const turns = 60;
/** A long run in small steps: each reads, and now and then writes. */
const script: readonly Turn[] = [
  ...Array.from({ length: turns - 2 }, (_, step) => ({
    thinking: `Step ${step}, ümläut 🎉.`,
    tools:
      step % 5 === 4
        ? [{ name: "write_file", input: { path: `made/${step}.txt`, content: `${step} 🎉\n`.repeat(20) } }]
        : [
            { name: "search_code", input: { pattern: `name${step}` } },
            { name: "list_files", input: { depth: step + 1 } },
          ],
  })),
  reports(true, "Made files."),
];

interface Recorder extends AsyncDisposable {
  readonly bodies: readonly Buffer[];
  readonly url: (target: string) => string;
}

/** Notes the bytes of each request on its way to the stand-in. */
async function recorder(): Promise<Recorder> {
  const bodies: Buffer[] = [];
  let target = "";
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      bodies.push(body);
      const onward = ask(`${target}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    bodies,
    url: (to) => {
      target = to;
      return `http://127.0.0.1:${port}`;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The bytes that the next request must have unchanged: all but the end of the message list and what follows it. */
function prefixOf(body: Buffer): { readonly head: string; readonly messages: string } {
  const { messages, max_tokens: _, ...head } = JSON.parse(body.toString("utf8")) as { messages: unknown[]; max_tokens: number };
  const text = JSON.stringify(messages);
  expect(body.includes(text)).toBe(true);
  return { head: JSON.stringify(head), messages: text.slice(0, -1) };
}

test(`${turns} turns have prefixes that are the same to the byte, and read from the cache 99 % of what the script allows`, async () => {
  await using wire = await recorder();
  await using on = await stage(script, { agent: { maxTurns: turns + 1, maxCostNanoUSD: 9e9 }, config: { idleSeconds: 30 } }, wire.url);
  await on.pod.run();
  expect(on.refusals).toEqual([]);
  expect(on.pod.result()).toMatchObject({ reason: "Reported", usage: { turns } });
  expect(wire.bodies).toHaveLength(turns);
  const prefixes = wire.bodies.map(prefixOf);
  for (const [index, { head, messages }] of prefixes.slice(1).entries()) {
    expect(head).toBe(prefixes[index]?.head);
    expect(messages.startsWith(prefixes[index]!.messages)).toBe(true);
  }
  const asked = on.pod.events().flatMap((event) => (event.kind === "assistant" ? [event.usage] : []));
  const prompt = asked.map(({ input, cacheRead, cacheWrite }) => input + cacheRead + cacheWrite);
  const allowed = prompt.slice(0, -1).reduce((sum, tokens) => sum + tokens, 0);
  const { cacheRead } = on.pod.result().usage;
  expect(cacheRead).toBeLessThanOrEqual(allowed);
  expect(cacheRead / allowed).toBeGreaterThanOrEqual(0.99);
});
