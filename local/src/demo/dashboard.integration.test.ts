import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

const program = join(import.meta.dirname, "main.ts");
let dir = "";
let demo: Demo | undefined;

beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), "codybatch-pages-"))));
afterEach(() => demo?.stop());
afterAll(() => rm(dir, { recursive: true, force: true }));

/** A demo that stays up. */
class Demo {
  readonly #child: ChildProcess;
  #said = "";

  constructor() {
    const env = { PATH: process.env["PATH"], ANTHROPIC_API_KEY: "" };
    this.#child = spawn(process.execPath, [program, "--dir", dir], { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on("data", (chunk: Buffer) => (this.#said += chunk.toString()));
  }

  /** Waits until it has said the words. */
  says(words: string | RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const [found] = this.#said.match(words) ?? [];
        if (found !== undefined) resolve(found);
      };
      this.#child.stdout?.on("data", look);
      this.#child.once("close", () => reject(new Error(`the demo ended without ${words}: ${this.#said}`)));
      look();
    });
  }

  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const ended = once(this.#child, "close");
    this.#child.kill("SIGINT");
    await ended;
    return this.#child.exitCode;
  }
}

const dashboardURL = /(?<=Dashboard: )http:\/\/127\.0\.0\.1:\d+/;

test("shows the batches of the demo at a printed address on loopback, says that a stand-in answers, and ends with the demo", async () => {
  demo = new Demo();
  const url = await demo.says(dashboardURL);
  expect(await (await fetch(url)).text()).toContain("<!doctype html>");
  const me = await (await fetch(`${url}/api/v1/me`)).json();
  expect(me).toMatchObject({ standIn: true });
  await demo.says("The demo stays up");
  const { items } = (await (await fetch(`${url}/api/v1/batchchanges`)).json()) as { readonly items: readonly { readonly name: string }[] };
  expect(items.map(({ name }) => name).toSorted()).toEqual(["http-timeouts", "node-24"]);
  await demo.stop();
  await expect(fetch(url)).rejects.toThrow("fetch failed");

  demo = new Demo();
  expect(await demo.says(dashboardURL)).toBe(url);
});
