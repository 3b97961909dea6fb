import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporary } from "../git/testing/repository.ts";
import { appendDurably, foreignSize, ForeignFileError, readForeign, readForeignAt, writeAtomic } from "./index.ts";

let root: ReturnType<typeof temporary>;
beforeEach(() => {
  root = temporary();
});
afterEach(() => root[Symbol.dispose]());
const path = (name: string): string => join(root.path, name);

describe("a file of another container", () => {
  it("is read when it is a regular file within the limit", async () => {
    writeFileSync(path("a"), "12345");
    expect((await readForeign(path("a"), 5))?.toString()).toBe("12345");
    expect((await readForeignAt(path("a"), 2, 10))?.toString()).toBe("345");
    expect(await foreignSize(path("a"))).toBe(5);
  });

  it("is undefined when it is not there", async () => {
    expect(await readForeign(path("none"), 5)).toBeUndefined();
    expect(await foreignSize(path("none"))).toBeUndefined();
  });

  it.each<[string, (at: string) => unknown, "regular" | "size"]>([
    ["a symbolic link", (at) => symlinkSync("/etc/hostname", at), "regular"],
    ["a pipe without a writer", (at) => execFileSync("/usr/bin/mkfifo", [at]), "regular"],
    ["a folder", (at) => mkdirSync(at), "regular"],
    ["a device", (at) => symlinkSync("/dev/zero", at), "regular"],
    ["too large", (at) => writeFileSync(at, "123456"), "size"],
  ])("is refused when it is %s", async (_, make, rule) => {
    make(path("a"));
    const refusal = await readForeign(path("a"), 5).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ForeignFileError);
    expect(refusal).toMatchObject({ rule, path: path("a") });
  });

  it("is refused when it is a socket", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path("s"), resolve));
    await expect(readForeign(path("s"), 5)).rejects.toMatchObject({ rule: "regular" });
    server.close();
  });
});

describe("writeAtomic", () => {
  it("replaces the whole file and leaves nothing beside it", async () => {
    await writeAtomic(path("a"), "first, long");
    await writeAtomic(path("a"), Buffer.from("second"));
    expect(readFileSync(path("a"), "utf8")).toBe("second");
    expect(readdirSync(root.path)).toEqual(["a"]);
  });

  it("never shows half a file to a reader", async () => {
    const texts = ["a", "b"].map((letter) => letter.repeat(200_000));
    await writeAtomic(path("a"), texts[0]!);
    const writing = (async () => {
      for (let index = 0; index < 20; index += 1) await writeAtomic(path("a"), texts[index % 2]!);
    })();
    for (let index = 0; index < 100; index += 1) expect(texts).toContain((await readForeign(path("a"), 300_000))?.toString());
    await writing;
  });

  it("leaves the old file and nothing else when it fails", async () => {
    mkdirSync(path("a"));
    await expect(writeAtomic(path("a"), "x")).rejects.toMatchObject({ code: "EISDIR" });
    expect(readdirSync(root.path)).toEqual(["a"]);
  });
});

it("appendDurably adds a line to what is there", async () => {
  appendFileSync(path("a"), "1\n");
  await appendDurably(path("a"), "2");
  expect(readFileSync(path("a"), "utf8")).toBe("1\n2\n");
});
