import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plainGit, temporary } from "../../git/testing/repository.ts";
import { Refused } from "../fault.ts";
import { parseSigningKey } from "./key.ts";
import { sshSignature, signedCommit } from "./signature.ts";

/** A key as a person makes it. */
function made(folder: string, ...options: readonly string[]): { readonly path: string; readonly text: string } {
  const path = join(folder, "signing.key");
  execFileSync("ssh-keygen", ["-q", "-C", "cody batch", "-f", path, ...options]);
  return { path, text: readFileSync(path, "utf8") };
}

const plain = ["-t", "ed25519", "-N", ""] as const;

describe("a signature", () => {
  it("is the one that ssh-keygen makes, to the letter", () => {
    using root = temporary("codybatch-signing-");
    const { path, text } = made(root.path, ...plain);
    for (const payload of ["", "tree 0\n", "ü".repeat(1000)]) {
      const theirs = execFileSync("ssh-keygen", ["-Y", "sign", "-n", "git", "-f", path], {
        input: payload,
        stdio: ["pipe", "pipe", "ignore"],
      });
      expect(sshSignature(parseSigningKey(text), Buffer.from(payload))).toBe(theirs.toString().trim());
    }
  });

  it.each(["sha1", "sha256"] as const)("of a commit of a %s repository is what git looks for", (format) => {
    using root = temporary("codybatch-signing-");
    const { path, text } = made(root.path, ...plain);
    const git = (...args: readonly string[]): string => plainGit(root.path, ...args);
    git("init", "--quiet", `--object-format=${format}`, ".");
    git("commit", "--quiet", "--allow-empty", "--message", "First");
    const commit = Buffer.from(`${git("cat-file", "commit", "HEAD")}\n`);
    writeFileSync(join(root.path, "signed"), signedCommit(parseSigningKey(text), commit, format));
    const sha = git("hash-object", "-t", "commit", "-w", "signed");
    writeFileSync(join(root.path, "allowed"), `cody@acme.invalid ${readFileSync(`${path}.pub`, "utf8")}`);
    git("-c", `gpg.ssh.allowedSignersFile=${join(root.path, "allowed")}`, "verify-commit", sha);
    expect(git("-c", `gpg.ssh.allowedSignersFile=${join(root.path, "allowed")}`, "log", "-1", "--format=%G? %GS", sha)).toBe(
      "G cody@acme.invalid",
    );
  });
});

describe("a key that cannot be used is refused with what to do", () => {
  it.each([
    ["with a passphrase", ["-t", "ed25519", "-N", "open sesame"], "has a passphrase"],
    ["of another kind", ["-t", "rsa", "-b", "2048", "-N", ""], "is of type ssh-rsa"],
    ["of another kind with a passphrase", ["-t", "ecdsa", "-N", "open sesame"], "is of type ecdsa-sha2-nistp256"],
    ["in another form", ["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", ""], "is no private key in OpenSSH's form"],
  ])("%s", (_what, options, fact) => {
    using root = temporary("codybatch-signing-");
    const { text } = made(root.path, ...options);
    expect(() => parseSigningKey(text)).toThrow(Refused);
    expect(() => parseSigningKey(text)).toThrow(fact);
    expect(() => parseSigningKey(text)).toThrow('ssh-keygen -t ed25519 -N ""');
  });

  it("its public half, a part of it, and what is no key, and none of them is repeated", () => {
    using root = temporary("codybatch-signing-");
    const { path, text } = made(root.path, ...plain);
    const [first = ""] = text.split("\n").slice(1);
    const last = text.trim().split("\n").at(-2) ?? "";
    const wrong = {
      "is the public half": readFileSync(`${path}.pub`, "utf8"),
      "is not whole": text.replace(last, ""),
      "is no private key": "secret",
    };
    for (const [fact, given] of Object.entries(wrong)) {
      expect(() => parseSigningKey(given)).toThrow(fact);
      expect(() => parseSigningKey(given)).not.toThrow(first.slice(0, 20));
    }
  });
});
