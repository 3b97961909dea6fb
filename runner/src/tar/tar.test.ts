import { execFileSync } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporary, writeFiles } from "../git/testing/repository.ts";
import { readTar, TarError, tarEnd, tarHead, tarOf, tarPadding } from "./index.ts";

const limits = { maxFiles: 10, maxBytes: 1000 };
const long = `${"deep/".repeat(60)}file`;
const odd = ["-rf", "a b", "it's", "new\nline", "ä", "back\\slash", long];

function file(path: string | Uint8Array, bytes = "content", executable = false) {
  return { kind: "file", path: Buffer.from(path as string), executable, bytes: Buffer.from(bytes) } as const;
}

/** One member with any type, its checksum right. */
function member(type: string, path = "a", body = ""): Buffer {
  const head = tarHead({ kind: "file", path: Buffer.from(path), executable: false, bytes: Buffer.byteLength(body) });
  return Buffer.concat([retyped(head, type), Buffer.from(body), tarPadding(Buffer.byteLength(body))]);
}

function retyped(head: Buffer, type: string): Buffer {
  const sum = Number.parseInt(head.toString("latin1", 148, 154), 8) - head[156]! + type.charCodeAt(0);
  head.write(type, 156, "latin1");
  head.write(sum.toString(8).padStart(6, "0"), 148, "latin1");
  return head;
}

function pax(records: string): Buffer {
  return member("x", "pax", records);
}

function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = rest.length + String(rest.length + 2).length;
  return `${length}${rest}`;
}

/** The tars of the usual images, as far as this machine has them. */
const tars = [["tar"], ["busybox", "tar"]].filter(([program]) =>
  process.env["PATH"]!.split(":").some((dir) => existsSync(join(dir, program!))),
);

describe.each(tars.map((words) => ({ words })))("an archive of ours, unpacked by $words", ({ words: [program = "tar", ...args] }) => {
  it("has every name, content, mode and link", () => {
    using folder = temporary();
    const archive = join(folder.path, "all.tar");
    const links = [
      { kind: "link", path: Buffer.from("link"), target: Buffer.from(long) },
      { kind: "link", path: Buffer.from("up"), target: Buffer.from("a b") },
    ] as const;
    writeFileSync(archive, tarOf([...odd.map((path) => file(path, path)), file("run.sh", "#!", true), ...links]));
    mkdirSync(join(folder.path, "to"));
    execFileSync(program, [...args, "-xmof", archive, "-C", join(folder.path, "to")]);
    for (const path of odd) expect(readFileSync(join(folder.path, "to", path), "utf8")).toBe(path);
    expect(statSync(join(folder.path, "to", "run.sh")).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(folder.path, "to", "link"))).toBe(long);
    expect(readlinkSync(join(folder.path, "to", "up"))).toBe("a b");
  });
});

describe("reading an archive", () => {
  it.each([["--format=gnu"], ["--format=ustar"], ["--format=posix"], ["--format=v7"]])("takes what tar %s made", (format) => {
    using folder = temporary();
    const paths = ["a", "d/b c", `${"deep/".repeat(format === "--format=v7" ? 10 : 30)}file`];
    writeFiles(join(folder.path, "in"), Object.fromEntries(paths.map((path) => [path, path])));
    execFileSync("tar", [format, "-cf", join(folder.path, "out.tar"), "-C", join(folder.path, "in"), "."]);
    const files = readTar(readFileSync(join(folder.path, "out.tar")), limits);
    expect(Object.fromEntries(files.map(({ path, bytes }) => [path, bytes.toString()]))).toEqual(
      Object.fromEntries(paths.map((path) => [path, path])),
    );
  });

  it("takes back what it wrote", () => {
    const files = readTar(tarOf(odd.map((path) => file(path, path))), limits);
    expect(files.map(({ path, bytes }) => [path, bytes.toString()])).toEqual(odd.map((path) => [path, path]));
  });

  it.each([
    ["a link out", (dir: string) => symlinkSync("/etc/passwd", join(dir, "link"))],
    ["a hard link", (dir: string) => (writeFileSync(join(dir, "one"), ""), linkSync(join(dir, "one"), join(dir, "two")))],
    ["a pipe", (dir: string) => execFileSync("/usr/bin/mkfifo", [join(dir, "pipe")])],
  ])("refuses %s", (_, make) => {
    using folder = temporary();
    const source = join(folder.path, "in");
    mkdirSync(source);
    make(source);
    execFileSync("tar", ["-cf", join(folder.path, "out.tar"), "-C", source, "."]);
    expect(() => readTar(readFileSync(join(folder.path, "out.tar")), limits)).toThrow("something else than a regular file");
  });

  it.each([
    ["an absolute path", member("0", "/etc/passwd"), "leads out"],
    ["a path up", member("0", "../a"), "leads out"],
    ["a path up inside", member("0", "a/../../b"), "leads out"],
    ["an empty part", member("0", "a//b"), "leads out"],
    ["no name", member("0", ""), "leads out"],
    ["a name that is not UTF-8", tarOf([file(new Uint8Array([0xff, 0xfe]))]).subarray(0, -1024), "not UTF-8"],
    ["a path twice", Buffer.concat([member("0"), member("0")]), "twice"],
    ["a path twice, told differently", Buffer.concat([member("0", "a"), member("0", "./a")]), "twice"],
    ["a device", member("3"), "something else"],
    ["a global header", member("g", "a", record("path", "b")), "something else"],
    ["an unknown kind", member("S"), "something else"],
    ["a long path up", Buffer.concat([member("L", "x", "../../a\0"), member("0")]), "leads out"],
    ["a pax path up", Buffer.concat([pax(record("path", "../b")), member("0")]), "leads out"],
    ["a pax path with a zero", Buffer.concat([pax(record("path", "a\0b")), member("0")]), "leads out"],
    ["a pax size", Buffer.concat([pax(record("size", "9")), member("0")]), "not taken"],
    ["a sparse file", Buffer.concat([pax(record("GNU.sparse.name", "b")), member("0")]), "not taken"],
    ["a pax length that is too long", Buffer.concat([pax("99 path=b\n"), member("0")]), "extended header"],
    ["a pax length of nothing", Buffer.concat([pax("0 path=b\n"), member("0")]), "extended header"],
    ["a pax record without a length", Buffer.concat([pax("path=b\n"), member("0")]), "extended header"],
    ["two names for one file", Buffer.concat([member("L", "x", "a\0"), pax(record("path", "b")), member("0")]), "named twice"],
    ["a file that is too large", member("0", "a", "x".repeat(1001)), "larger than 1000"],
    ["too many files", Buffer.concat(Array.from({ length: 11 }, (_, index) => member("0", `f${index}`))), "more than 10"],
    ["a body that is cut off", member("0", "a", "x".repeat(600)).subarray(0, 1000), "cut off"],
  ])("refuses %s", (_, members, why) => {
    expect(() => readTar(Buffer.concat([members, why === "cut off" ? Buffer.alloc(0) : tarEnd]), limits)).toThrow(why);
  });

  it("refuses an archive without an end, one with a tail, and one with a wrong checksum", () => {
    expect(() => readTar(Buffer.alloc(0), limits)).toThrow("cut off");
    expect(() => readTar(member("0"), limits)).toThrow("cut off");
    expect(() => readTar(Buffer.concat([tarEnd, member("0")]), limits)).toThrow("follows its end");
    const wrong = tarOf([file("a")]);
    wrong[0] = 0x62;
    expect(() => readTar(wrong, limits)).toThrow("checksum");
  });

  it("never throws anything else, nor hangs, on an archive with changed bytes", () => {
    const whole = Buffer.concat([pax(record("path", "b")), member("0", "a", "text"), member("L", "x", "c\0"), member("0"), tarEnd]);
    for (let index = 0; index < whole.length; index += 1) {
      const broken = Buffer.from(whole);
      broken[index] = (broken[index]! + 1 + (index % 200)) % 256;
      if (index < 512) refixed(broken);
      expect(outcomeOf(broken)).not.toMatch(/^\/|(^|\/)\.\.(\/|$)|\0/m);
    }
  });
});

/** Paths, or our own words; any other error is thrown. */
function outcomeOf(archive: Buffer): string {
  try {
    return readTar(archive, limits)
      .map(({ path }) => JSON.stringify(path).slice(1, -1))
      .join("\n");
  } catch (error) {
    if (error instanceof TarError) return error.message;
    throw error;
  }
}

/** Gives the first header the checksum of its changed bytes. */
function refixed(archive: Buffer): void {
  const sum = archive.subarray(0, 512).reduce((all, byte, index) => all + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  archive.write(sum.toString(8).padStart(6, "0"), 148, "latin1");
}
