import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporary } from "../../git/testing/repository.ts";
import { confine } from "./confine.ts";
import { readPlace, writePlace } from "./files.ts";

let root: ReturnType<typeof temporary>;
beforeEach(() => {
  root = temporary();
  writeFileSync(join(root.path, "file"), "text");
  writeFileSync(join(root.path, "secret"), "secret");
});
afterEach(() => root[Symbol.dispose]());

const at = (name: string): string => join(root.path, name);
const swaps: Readonly<Record<string, () => void>> = {
  link: () => symlinkSync(at("secret"), at("file")),
  pipe: () => {
    const program = "mkfifo";
    execFileSync(program, [at("file")]);
  },
};

describe("a file that another process swaps between the check and the opening", () => {
  it.each(Object.keys(swaps))("for a %s is neither read nor written, and nobody waits", async (kind) => {
    const place = await confine(root.path, "file");
    rmSync(at("file"));
    swaps[kind]!();
    await expect(readPlace(place)).rejects.toThrow(/ELOOP|not a regular file/);
    await expect(writePlace(place, Buffer.from("mine"), new Set())).rejects.toThrow(/ELOOP|ENXIO/);
    expect(readFileSync(at("secret"), "utf8")).toBe("secret");
  });

  it("for a link where nothing was yet is not written through", async () => {
    const place = await confine(root.path, "new");
    symlinkSync(at("secret"), at("new"));
    await expect(writePlace(place, Buffer.from("mine"), new Set())).rejects.toThrow("EEXIST");
    expect(readFileSync(at("secret"), "utf8")).toBe("secret");
  });
});
