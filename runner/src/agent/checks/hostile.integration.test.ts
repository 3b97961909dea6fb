import { execFileSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Check } from "@codybatch/crds";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tarEnd, tarHead, tarOf, tarPadding } from "../../tar/index.ts";
import { canary, makeCanaryTree, type CanaryTree } from "../testing/canary.ts";
import { gitNames, hostilePaths, seeded } from "../testing/hostile-paths.ts";
import { adoptFiles } from "./adopt.ts";
import { Mailbox, type Reply } from "./mailbox.ts";

const random = seeded(20_261_122);
const pick = <Value>(values: readonly Value[]): Value => values[random(values.length)]!;

let scene: CanaryTree;
let path: () => string;
let box: string;
beforeAll(async () => {
  scene = await makeCanaryTree();
  path = hostilePaths(random, scene.root);
  box = join(scene.root, "mailbox");
  mkdirSync(box);
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const boot = "0b0070b0";
const bootWords = `boot ${boot}\nready\n`;
const honest = (id: string): Readonly<Record<string, string | Uint8Array>> => ({
  result: `id ${id}\nboot ${boot}\ncheck fix\nended exit\ncode 0\nseconds 1\n`,
  "result.output": "well\n",
  "result.tar": tarOf([{ kind: "file", path: Buffer.from("file.txt"), executable: false, bytes: Buffer.from("fixed\n") }]),
});

/** What a toolbox can leave under a name. Whatever it can read it may put there itself, so links to its own files are no attack. */
const traps: Readonly<Record<string, (at: string) => void>> = {
  "a link out": (at) => symlinkSync(join(scene.root, "canary/secret.txt"), at),
  "a link to a link": (at) => symlinkSync(join(scene.tree, "out.txt"), at),
  "a link to a folder": (at) => symlinkSync(join(scene.root, "canary"), at),
  "a link that leads nowhere": (at) => symlinkSync(join(scene.root, "canary/made-through-a-link"), at),
  "a link to a device": (at) => symlinkSync("/dev/zero", at),
  "a link to the agent's own": (at) => symlinkSync("/proc/self/environ", at),
  "a link to itself": (at) => symlinkSync(at, at),
  "a pipe": (at) => void execFileSync("/usr/bin/mkfifo", [at]),
  "a full folder": (at) => void mkdirSync(join(at, "full/deep"), { recursive: true }),
  "a folder with a link": (at) => (mkdirSync(at), symlinkSync(join(scene.root, "canary"), join(at, "out"))),
  "a huge file": (at) => sparse(at, 100 * 1024 ** 3),
  "a file that is a little too large": (at) => sparse(at, 40 * 1024 * 1024),
  noise: (at) => writeFileSync(at, Buffer.from(Array.from({ length: random(4000) }, () => random(256)))),
  nothing: () => undefined,
};

function sparse(at: string, bytes: number): void {
  const file = openSync(at, "w");
  ftruncateSync(file, bytes);
  closeSync(file);
}

/** Lays one name as a whole, as a move does. */
function lay(name: string, make: (at: string) => void): void {
  const made = join(box, `made-${name}`);
  rmSync(made, { recursive: true, force: true });
  make(made);
  rmSync(join(box, name), { recursive: true, force: true });
  if (lstatSync(made, { throwIfNoEntry: false }) !== undefined) renameSync(made, join(box, name));
}

const names = ["result", "result.output", "result.tar", "boot", "request", "request.tar"] as const;

interface Answering {
  readonly asked: Promise<Reply>;
  /** What lies there in place of an honest answer, by name. */
  readonly wrong: Readonly<Record<string, string>>;
}

/** Answers the request that comes, with the wrong things under their names; `result` last, as the agent waits for it. */
async function answer({ asked, wrong }: Answering): Promise<Reply> {
  let over = false;
  const reply = asked.finally(() => (over = true));
  while (!over && !existsSync(join(box, "request"))) await sleep(1);
  const id = over ? "" : (/^id (.*)$/m.exec(textOf(join(box, "request")))?.[1] ?? "");
  for (const name of names.toReversed()) {
    const trap = wrong[name];
    const right = honest(id)[name];
    if (trap !== undefined) lay(name, traps[trap]!);
    else if (right !== undefined) lay(name, (at) => writeFileSync(at, right));
  }
  return await reply;
}

function textOf(at: string): string {
  try {
    return readFileSync(at, "utf8");
  } catch {
    return "";
  }
}

function mailbox(mostBootMs = 20): Mailbox {
  return new Mailbox({ directory: box, pollMs: 1, bootMs: mostBootMs, signal: new AbortController().signal, now: Date.now });
}

const request = { check: "fix", tree: "kept", mostMs: 30, adopts: true } as const;

/** Nothing of the canary in what came back, and nothing but the named ways for it to come. */
function expectHarmless(reply: Reply): void {
  const told =
    reply.kind === "unavailable" ? reply.why : Buffer.concat([reply.output, reply.archive ?? Buffer.alloc(0)]).toString("latin1");
  expect(told).not.toContain(canary);
  expect(told).not.toContain("PATH=");
}

describe("a toolbox that answers with traps", () => {
  const calls = 300;
  it(`is told of or taken at its word, and leads the agent nowhere: ${calls} random answers`, async () => {
    const before = scene.outside();
    const seen = { answer: 0, unavailable: 0 };
    for (let call = 0; call < calls; call += 1) {
      lay("boot", (at) => writeFileSync(at, bootWords));
      const change = pick([undefined, { archive: Buffer.from("change"), gone: [path()] }]);
      lay("request", () => undefined);
      const wrong = Object.fromEntries(names.filter(() => random(4) === 0).map((name) => [name, pick(Object.keys(traps))]));
      const reply = await answer({ asked: mailbox().ask({ ...request, change }), wrong });
      expectHarmless(reply);
      seen[reply.kind] += 1;
    }
    expect(scene.outside()).toEqual(before);
    expect(Math.min(seen.answer, seen.unavailable)).toBeGreaterThan(calls / 10);
  });

  const swaps = 10;
  it(`gains nothing by swapping what lies there while it is read, also where it is believed: ${swaps} answers and ${swaps} refusals`, async () => {
    const before = scene.outside();
    const seen = { answer: 0, unavailable: 0 };
    lay("boot", (at) => writeFileSync(at, bootWords));
    const swapper = new Worker(swapping, {
      eval: true,
      workerData: { box, out: join(scene.root, "canary/secret.txt"), boot: bootWords },
    });
    const ended = new Promise<number>((resolve) => swapper.once("exit", resolve));
    try {
      while (Math.min(seen.answer, seen.unavailable) < swaps) {
        const reply = await mailbox(500).ask({ ...request, mostMs: 500, change: { archive: Buffer.from("change"), gone: [] } });
        expectHarmless(reply);
        seen[reply.kind] += 1;
      }
    } finally {
      await swapper.terminate();
      await ended;
    }
    expect(scene.outside()).toEqual(before);
  });
});

/** Answers whatever is asked, and puts links, folders and answers in turns under every name, as fast as it can. */
const swapping = `
const { workerData: { box, out, boot } } = require("node:worker_threads");
const fs = require("node:fs");
const attempt = (act) => { try { return act(); } catch { return undefined; } };
const idOf = (text) => /^id (.*)$/m.exec(text ?? "")?.[1];
let id = "";
const honest = (name) => name === "boot" ? boot : "id " + id + "\\nboot ${boot}\\ncheck fix\\nended exit\\ncode 0\\nseconds 1\\n";
const right = (at, name) => fs.writeFileSync(at, honest(name));
const link = (at) => fs.symlinkSync(out, at);
const folder = (at) => fs.mkdirSync(at + "/full", { recursive: true });
const makes = [right, right, link, right, right, folder];
const put = (name, make) => {
  attempt(() => fs.rmSync(box + "/swap", { recursive: true, force: true }));
  attempt(() => make(box + "/swap", name));
  // A move goes over a file, but not over a folder that is not empty.
  if (attempt(() => fs.renameSync(box + "/swap", box + "/" + name) ?? true)) return;
  attempt(() => fs.rmSync(box + "/" + name, { recursive: true, force: true }));
  attempt(() => fs.renameSync(box + "/swap", box + "/" + name));
};
for (let turn = 0; ; turn += 1) {
  id = idOf(attempt(() => fs.readFileSync(box + "/request", "utf8"))) ?? id;
  put("result.output", makes[turn % 6]);
  put("result.tar", makes[(turn >> 1) % 6]);
  put("result", turn % 9 === 0 ? link : right);
  if (turn % 99 === 0) for (const name of ["boot", "request", "request.tar"]) put(name, turn % 2 === 0 ? link : folder);
  if (turn % 99 === 1) put("boot", right);
}`;

describe("an archive of files to adopt", () => {
  const check: Check = { name: "fix", command: ["fix"], timeout: "60s", required: false, adopt: ["**"] };
  const archives = 3000;

  it(`changes nothing outside of the work tree and makes plain files only, whatever it holds: ${archives} random archives`, async () => {
    const before = scene.outside();
    const strangeBefore = strange(scene.tree);
    const seen = { written: 0, refused: 0 };
    for (let turn = 0; turn < archives; turn += 1) {
      const { written, refused } = await adoptFiles(scene.workspace, check, archive());
      expect([...written, ...refused].join("\n")).not.toContain(canary);
      seen.written += written.length;
      seen.refused += refused.length;
    }
    expect(scene.outside()).toEqual(before);
    expect(existsSync(join(scene.root, "canary/made-through-a-link"))).toBe(false);
    expect(strange(scene.tree)).toEqual(strangeBefore);
    expect(seen.written).toBeGreaterThan(20);
    expect(seen.refused).toBeGreaterThan(archives / 2);
  });

  /** Everything that tar knows, and a few letters that it does not. */
  const types = ["0", "0", "0", "0", "\0", "1", "2", "3", "4", "5", "6", "7", "g", "x", "L", "K", "S", "D", "V", "Z"] as const;

  function archive(): Buffer {
    const members = Array.from({ length: 1 + random(3) }, () => member());
    const whole = Buffer.concat([...members, pick([tarEnd, tarEnd, tarEnd, Buffer.alloc(0), Buffer.alloc(512), Buffer.from("more")])]);
    return random(10) === 0 ? damaged(whole) : whole;
  }

  function member(): Buffer {
    const type = pick(types);
    const name = random(8) === 0 ? `${pick(["new", "sub/new-folder", "made"])}/${random(1000)}` : path();
    const body = Buffer.from(bodyOf(type));
    const head = tarHead({ kind: "file", path: Buffer.from(name), executable: random(2) === 0, bytes: body.length });
    return Buffer.concat([retyped(head, type), body, tarPadding(body.length)]);
  }

  function bodyOf(type: string): string {
    if (type === "L") return `${path()}\0`;
    if (type === "x" || type === "g")
      return [pax("path", path()), pax("linkpath", path()), pax("size", "9"), pax("mode", "4777")].filter(() => random(2) === 0).join("");
    return pick(["", "made\n", "x".repeat(random(3000)), canary.slice(0, 6)]);
  }

  /** With the type, a random mode and a link's target, and a checksum that is right for them. */
  function retyped(head: Buffer, type: string): Buffer {
    const at = head.length - 512;
    head.write(type, at + 156, "latin1");
    head.write(pick(["0000644", "0004777", "0006755", "0001777"]), at + 100, "latin1");
    head.write(
      `${pick([join(scene.root, "canary/secret.txt"), "../canary/secret.txt", "out.txt", "/etc/passwd"]).slice(0, 99)}\0`,
      at + 157,
      "latin1",
    );
    head.fill(0x20, at + 148, at + 156);
    const sum = head.subarray(at).reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148, "latin1");
    return head;
  }

  function pax(key: string, value: string): string {
    const rest = ` ${key}=${value}\n`;
    const length = Buffer.byteLength(rest);
    const digits = String(length + String(length).length).length;
    return `${length + digits}${rest}`;
  }

  function damaged(whole: Buffer): Buffer {
    if (random(2) === 0) return whole.subarray(0, random(whole.length));
    whole[random(whole.length)] = random(256);
    return whole;
  }

  /** Entries that adoption must never make: what is neither file nor folder, what may be run, git's own. */
  function strange(tree: string): readonly string[] {
    return below(tree, "").filter((name) => {
      const stat = lstatSync(join(tree, name));
      const isGit = name.split("/").some((part) => gitNames.some((git) => git === part));
      return isGit || !(stat.isDirectory() || (stat.isFile() && (stat.mode & 0o7111) === 0));
    });
  }
});

/** All names below a folder; no link is followed. */
function below(folder: string, prefix: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = `${prefix}${entry.name}`;
    return entry.isDirectory() ? [name, ...below(join(folder, entry.name), `${name}/`)] : [name];
  });
}
