import { execFileSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { makeRepository, makeWorktree, temporary, writeBytes, writeFiles } from "../git/testing/repository.ts";
import { cloneInPod } from "./testing/pod.ts";
import { layToolboxBase } from "./toolbox-base.ts";

const script = fileURLToPath(new URL("../toolbox/toolbox.sh", import.meta.url));

/** Files, links and modes of a folder, as bytes in latin1. */
function pictureOf(directory: string): Readonly<Record<string, string>> {
  const listed = execFileSync("find", [".", "!", "-type", "d", "-print0"], { cwd: directory, encoding: "latin1" });
  const names = listed
    .split("\0")
    .slice(0, -1)
    .map((name) => Buffer.from(name.slice(2), "latin1"));
  const pictures = names.map((name) => {
    const path = Buffer.concat([Buffer.from(`${directory}/`), name]);
    const stat = lstatSync(path);
    const content = stat.isSymbolicLink()
      ? `-> ${readlinkSync(path)}`
      : `${(stat.mode & 0o111) === 0 ? "" : "x "}${readFileSync(path, "latin1")}`;
    return [name.toString("latin1"), content] as const;
  });
  return Object.fromEntries(pictures.filter(([name]) => !name.startsWith(".git/")));
}

async function laid(path: string, fill: (directory: string) => void, setup?: string[]): Promise<string> {
  const origin = join(path, "origin");
  makeRepository(origin, fill);
  const worktree = await makeWorktree(path, origin);
  const checks = [{ name: "test", command: ["npm", "test"], timeout: "1m", required: true }];
  const input = { checks, ...(setup === undefined ? {} : { setup }) };
  const base = join(path, "base");
  await layToolboxBase(base, {
    input,
    commit: worktree.baseCommit,
    workTree: worktree.workTree,
    options: { gitDir: worktree.gitDir },
  });
  return base;
}

describe("what clone lays for the toolbox", () => {
  it("has the tracked files byte for byte, whatever the repository's attributes say", async () => {
    using folder = temporary();
    const base = await laid(folder.path, (directory) => {
      writeFiles(directory, {
        ".gitattributes": "hidden export-ignore\nid export-subst ident\n*.txt eol=crlf text\n",
        hidden: "still there",
        id: "$Format:%H$ $Id$",
        "a.txt": "one\ntwo\n",
        "deep/-x 'y'\n/z": "odd",
        "run.sh": "#!/bin/sh\n",
        large: "x".repeat(3_000_001),
        empty: "",
      });
      writeBytes(directory, Buffer.from([0xff, 0x61]), "not UTF-8");
      symlinkSync("deep", join(directory, "link"));
      symlinkSync("../../etc/passwd", join(directory, "out"));
      chmodSync(join(directory, "run.sh"), 0o755);
    });
    const to = join(folder.path, "unpacked");
    mkdirSync(to);
    execFileSync("tar", ["-xmof", join(base, "base.tar"), "-C", to]);
    expect(pictureOf(to)).toEqual(pictureOf(join(folder.path, "origin")));
  });

  it("has one file for each check, and the setup where there is one", async () => {
    using folder = temporary();
    const base = await laid(folder.path, (directory) => writeFiles(directory, { a: "one" }), ["npm", "ci"]);
    expect(readdirSync(base).toSorted()).toEqual(["base.tar", "checks", "setup"]);
    expect(readdirSync(join(base, "checks"))).toEqual(["test"]);
    expect(readFileSync(join(base, "checks/test"), "utf8")).toContain("perform() { exec 'npm' 'test'; }");
    expect(readFileSync(join(base, "setup"), "utf8")).toContain("perform() { exec 'npm' 'ci'; }");
  });

  it("is laid by clone where the run has checks, anew at each try, and no more than the script where it has none", async () => {
    using folder = temporary();
    const origin = join(folder.path, "origin");
    makeRepository(origin, (directory) => writeFiles(directory, { a: "one" }));
    const url = pathToFileURL(origin).href;
    const check = { name: "test", command: ["true"], timeout: "1m", required: false };
    for (const name of ["test", "other"]) {
      const { config, result } = await cloneInPod(folder.path, { url, input: { checks: [{ ...check, name }] } });
      expect(result).toBeUndefined();
      expect(readdirSync(config.baseDir!).toSorted()).toEqual(["base.tar", "checks", "toolbox.sh"]);
      expect(readdirSync(join(config.baseDir!, "checks"))).toEqual([name]);
    }
    const { config } = await cloneInPod(folder.path, { url });
    expect(readdirSync(config.baseDir!)).toEqual(["toolbox.sh"]);
  });

  it("is the script alone where clone could not do its work, so that the toolbox starts and the pod can end", async () => {
    using folder = temporary();
    const check = { name: "test", command: ["true"], timeout: "1m", required: false };
    const url = pathToFileURL(join(folder.path, "missing")).href;
    const { config, result } = await cloneInPod(folder.path, { url, input: { checks: [check] } });
    expect(result?.reason).toBe("RepositoryNotFound");
    expect(readdirSync(config.baseDir!)).toEqual(["toolbox.sh"]);
    expect(readFileSync(join(config.baseDir!, "toolbox.sh"))).toEqual(readFileSync(script));
  });
});
