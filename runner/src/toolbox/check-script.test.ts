import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { checkScript, shellQuoted } from "./check-script.ts";

function sh(script: string): string {
  return execFileSync("sh", ["-c", script], { encoding: "utf8" });
}

describe("the script of a check", () => {
  it("is written down", () => {
    const command = ["npm", "run", "it's", "$(id)"];
    expect(checkScript({ command, timeout: "5m", adopt: ["src/**", "**/*.lock", "a b?"] })).toBe(
      [
        "seconds=300",
        "adopting=yes",
        String.raw`perform() { exec 'npm' 'run' 'it'\''s' '$(id)'; }`,
        "adopts() { case $1 in 'src/'* | *'.lock' | 'a b'*) return 0 ;; *) return 1 ;; esac; }",
        "",
      ].join("\n"),
    );
  });

  it.each([
    ["src/**", "src/a/b.js", true],
    ["src/**", "lib/src/a.js", false],
    ["**/*.lock", "yarn.lock", true],
    ["**/*.lock", "a/b/yarn.lock", true],
    ["*.[ch]", "a.c", false],
    ["*.[ch]", "a.[ch]", true],
    ["it's/*", "it's/a", true],
    ["ä?", "äö", true],
    [") echo owned ;; *", "a", false],
  ])("adopts by %s of %s: %s", (glob, path, want) => {
    const script = checkScript({ command: ["true"], timeout: "1s", adopt: [glob] });
    expect(sh(`${script}adopts ${shellQuoted(path)} && echo yes || echo no`)).toBe(want ? "yes\n" : "no\n");
  });

  it.each(["", "'", "''", "a'b'c", "\\", "\n", "$x", "`", "-n", "*"])("keeps the word %j whole", (word) => {
    expect(sh(`printf '[%s]' ${shellQuoted(word)}`)).toBe(`[${word}]`);
  });
});
