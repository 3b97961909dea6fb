import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { pruneArchives } from "./prune.ts";

test("keeps the three archives of each program that were used last, and nothing that is half written", async () => {
  const cache = await mkdtemp(join(tmpdir(), "codybatch-prune-"));
  onTestFinished(() => rm(cache, { recursive: true, force: true }));
  const archives = [5, 1, 4, 2, 3].flatMap((age) =>
    ["operator", "runner"].map((program) => ({ name: `codybatch-${program}-${age}.tar`, age })),
  );
  for (const { name, age } of [...archives, { name: "codybatch-runner-9.tar.4711", age: 0 }, { name: "lock", age: 9 }]) {
    await writeFile(join(cache, name), "");
    await utimes(join(cache, name), 1e9 - age, 1e9 - age);
  }
  await pruneArchives(cache);
  const kept = [1, 2, 3].flatMap((age) => [`codybatch-operator-${age}.tar`, `codybatch-runner-${age}.tar`]);
  expect(new Set(await readdir(cache))).toEqual(new Set([...kept, "lock"]));
});
