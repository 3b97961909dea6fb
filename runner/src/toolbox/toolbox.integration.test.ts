import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Toolbox, type ToolboxOptions } from "./testing/toolbox.ts";

/** The shells of the usual images, as far as this machine has them. */
const shells = [["dash"], ["busybox", "sh"], ["bash", "--posix"]].filter(([program]) => has(program!));

function has(program: string): boolean {
  return process.env["PATH"]!.split(":").some((folder) => existsSync(join(folder, program)));
}

function sh(text: string): { readonly command: string[] } {
  return { command: ["sh", "-c", text] };
}

/** Numbers of the living processes whose command line holds a text. */
function living(text: string): readonly string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && lineOf(name).includes(text));
}

function lineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

describe.each(shells.map((shell) => [shell.join(" "), shell] as const))("the toolbox under %s", (_, shell) => {
  async function started(options: ToolboxOptions): Promise<Toolbox> {
    const toolbox = new Toolbox({ shell, ...options });
    expect(await toolbox.start()).toMatch(/^boot \S+\nready\n$/);
    return toolbox;
  }

  it("runs the named check on the base and returns its exit code and output", async () => {
    await using toolbox = await started({ files: { "a.txt": "one\n" }, checks: { test: sh("cat a.txt; echo wrong >&2; exit 3") } });
    const { words, output } = await toolbox.ask({ check: "test" });
    expect(words).toMatchObject({ check: "test", ended: "exit", code: "3", boot: toolbox.boot });
    expect(output).toBe("one\nwrong\n");
  });

  it("takes each word of a command as it is", async () => {
    const hostile = ["a b", "$(touch owned)", "`id`", "it's", '"', "--", "-n", "*", "", "two\nlines", "\\", "; exit 9"];
    await using toolbox = await started({ checks: { words: { command: ["printf", "[%s]", ...hostile] } } });
    const { output } = await toolbox.ask({ check: "words" });
    expect(output).toBe(hostile.map((word) => `[${word}]`).join(""));
  });

  it("knows no other check than those of its own input", async () => {
    await using toolbox = await started({ checks: { test: sh("echo ran") } });
    for (const check of ["other", "../setup", "", "te st", "test; echo", "/etc/passwd", "."]) {
      expect((await toolbox.ask({ check })).words["ended"]).toBe("unknown");
    }
  });

  it("ends a command at its time, with all that it started, also what left its session", async () => {
    const mark = `4242.${process.pid}`;
    const spawning = `(setsid sleep ${mark}1 &) ; (sleep ${mark}2 &) ; sleep ${mark}3`;
    await using toolbox = await started({ checks: { slow: { ...sh(spawning), timeout: "1s" } } });
    const { words } = await toolbox.ask({ check: "slow" });
    expect(words["ended"]).toBe("time");
    expect(living(mark)).toEqual([]);
  });

  it("ends what a command leaves behind when it ends by itself", async () => {
    const mark = `4343.${process.pid}`;
    await using toolbox = await started({ checks: { daemon: sh(`(setsid sleep ${mark} &); exit 0`) } });
    expect((await toolbox.ask({ check: "daemon" })).words).toMatchObject({ ended: "exit", code: "0" });
    expect(living(mark)).toEqual([]);
  });

  it("keeps head and tail of a long output", async () => {
    await using toolbox = await started({ checks: { loud: sh("echo first; head -c 900000 /dev/zero | tr '\\0' x; echo last") } });
    const { output } = await toolbox.ask({ check: "loud" });
    expect(output.length).toBeLessThan(530_000);
    expect(output).toMatch(/^first\nx+\n\[the middle of the output is left out\]\nx+last\n$/);
  });

  it("ends a command that does not stop writing", async () => {
    await using toolbox = await started({ checks: { endless: sh("exec cat /dev/zero") } });
    expect((await toolbox.ask({ check: "endless" })).words["ended"]).toBe("output");
  });

  it("lays the change over the base and takes it away again, and keeps what was installed", async () => {
    const files = { "a.txt": "one", "dir/b.txt": "two", "gone.txt": "three" };
    const list = sh("cat a.txt dir/b.txt; ls; touch installed");
    await using toolbox = await started({ files, checks: { list } });
    const change = { "a.txt": "ONE", "new/c.txt": "c" };
    const changed = await toolbox.ask({ check: "list", change, lines: ["delete gone.txt"] });
    expect(changed.output).toBe("ONEtwoa.txt\ndir\nnew\n");
    const base = await toolbox.ask({ check: "list", lines: ["clear new"] });
    expect(base.output).toBe("onetwoa.txt\ndir\ngone.txt\ninstalled\n");
    const fresh = await toolbox.ask({ check: "list", tree: "fresh" });
    expect(fresh.output).toBe("onetwoa.txt\ndir\ngone.txt\n");
  });

  it("restores what a check itself did to tracked files", async () => {
    const spoil = sh("cat a.txt d/b.txt; rm -rf d; ln -s /tmp d; chmod 0 a.txt; echo bad > new");
    await using toolbox = await started({ files: { "a.txt": "one", "d/b.txt": "two" }, checks: { spoil } });
    expect((await toolbox.ask({ check: "spoil" })).output).toBe("onetwo");
    expect((await toolbox.ask({ check: "spoil", tree: "fresh" })).output).toBe("onetwo");
  });

  it("makes a fresh tree also where a check left folders that cannot be emptied", async () => {
    const lock = sh("ls; mkdir locked locked/in; chmod 555 locked");
    await using toolbox = await started({ files: { "a.txt": "one" }, checks: { lock } });
    for (const _time of [1, 2, 3]) expect((await toolbox.ask({ check: "lock", tree: "fresh" })).output).toBe("a.txt\n");
  });

  it("deletes files of any name, and only inside its tree", async () => {
    const names = ["-rf", "a b", "it's", '"', "*", "$(id)", "new\nline", "end\n", "back\\slash", "ä"];
    const files = Object.fromEntries([...names, "stays"].map((name) => [name, name]));
    await using toolbox = await started({ files, checks: { list: sh("ls") } });
    const escaped = names.map(
      (name) => `delete ${Buffer.from(name).reduce((text, byte) => `${text}\\0${byte.toString(8).padStart(3, "0")}`, "")}`,
    );
    expect((await toolbox.ask({ check: "list", lines: escaped })).output).toBe("stays\n");
  });

  it("returns what the command wrote and the check adopts, and nothing else", async () => {
    const files = { "src/a.js": "a", "src/it's.js": "b", "src/same.js": "c", "docs/d.md": "d" };
    const write = sh('for f in src/a.js "src/it\'s.js" docs/d.md \'src/new line.js\'; do echo new > "$f"; done; ln -s a.js src/link.js');
    await using toolbox = await started({ files, checks: { fix: { ...write, adopt: ["src/**"] }, none: write } });
    const { adopted } = await toolbox.ask({ check: "fix" });
    expect(adopted).toEqual({ "src/a.js": "new\n", "src/it's.js": "new\n", "src/new line.js": "new\n" });
    expect((await toolbox.ask({ check: "none" })).adopted).toBeUndefined();
  });

  it("runs the setup once, and again on a fresh tree", async () => {
    const options = { setup: ["sh", "-c", "echo x >> deps; echo y >> ../ran"], checks: { test: sh("cat deps; cat ../ran") } };
    await using toolbox = await started(options);
    expect((await toolbox.ask({ check: "test" })).output).toBe("x\ny\n");
    expect((await toolbox.ask({ check: "test" })).output).toBe("x\ny\n");
    expect((await toolbox.ask({ check: "test", tree: "fresh" })).output).toBe("x\ny\ny\n");
  });

  it("says when the setup fails, with its output, and runs no check", async () => {
    await using toolbox = await started({ setup: ["sh", "-c", "echo no network; exit 7"], checks: { test: sh("echo ran") } });
    const { words, output } = await toolbox.ask({ check: "test" });
    expect(words).toMatchObject({ ended: "setup", code: "7" });
    expect(output).toBe("no network\n");
  });

  it("gives a command no folder of the pod, an empty input, and a home on its own volume", async () => {
    await using toolbox = await started({ checks: { env: sh("cat; env | grep -c _DIR=; echo $HOME $TMPDIR; ls -d $HOME $TMPDIR") } });
    const [home, tmp] = ["home", "tmp"].map((name) => join(toolbox.root, "toolbox", name));
    expect((await toolbox.ask({ check: "env" })).output).toBe(`0\n${home} ${tmp}\n${home}\n${tmp}\n`);
  });

  it("begins anew after it was killed, and leaves a request for an earlier boot alone", async () => {
    await using toolbox = await started({ files: { a: "one" }, checks: { list: sh("ls; touch left"), slow: sh("sleep 60") } });
    await toolbox.ask({ check: "list" });
    const earlier = toolbox.boot;
    toolbox.send({ check: "slow" });
    await toolbox.kill();
    await toolbox.start();
    expect(toolbox.boot).not.toBe(earlier);
    toolbox.send({ check: "list", boot: earlier });
    await expect.poll(() => existsSync(join(toolbox.mailbox, "request"))).toBe(false);
    expect(existsSync(join(toolbox.mailbox, "result"))).toBe(false);
    expect((await toolbox.ask({ check: "list" })).output).toBe("a\n");
  });

  it("ends at once when asked to, also while a check runs, and takes the check along", async () => {
    const mark = `4444.${process.pid}`;
    await using toolbox = await started({ checks: { slow: sh(`sleep ${mark}`) } });
    toolbox.send({ check: "slow" });
    await expect.poll(() => living(mark).length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(await toolbox.kill("SIGTERM")).toBe(0);
    expect(living(mark)).toEqual([]);
  });
});

describe("the toolbox", () => {
  it("is tried with at least one shell", () => expect(shells).not.toEqual([]));

  it("names what an image lacks", async () => {
    await using toolbox = new Toolbox({ shell: [execFileSync("which", ["sh"], { encoding: "utf8" }).trim()], env: { PATH: "/nowhere" } });
    expect(await toolbox.start()).toMatch(/^boot \S+\nlacks cat cp date find head mkdir mv rm sleep tail tar\n$/);
  });
});
