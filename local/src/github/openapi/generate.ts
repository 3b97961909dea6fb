// Writes github.json from GitHub's OpenAPI description as npm has it. Needs the network: node local/src/github/openapi/generate.ts
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { extract } from "./extract.ts";
import { operations } from "./operations.ts";
import { source } from "./source.ts";

const { version, file } = source;
const licence = "LICENSE";
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const folder = mkdtempSync(join(tmpdir(), "codybatch-openapi-"));
try {
  execFileSync("npm", ["pack", `${source.package}@${version}`, "--silent"], { cwd: folder });
  execFileSync("tar", ["-xzf", `octokit-openapi-${version}.tgz`, `package/${file}`, `package/${licence}`], { cwd: folder });
  const text = readFileSync(join(folder, "package", file), "utf8");
  const description = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  const extracted = extract(description, operations);
  const from = {
    ...source,
    sha256: sha256(text),
    extractSha256: sha256(JSON.stringify(extracted)),
    licence: readFileSync(join(folder, "package", licence), "utf8").trim(),
  };
  const target = join(import.meta.dirname, "github.json");
  writeFileSync(target, JSON.stringify({ source: from, ...extracted }));
  execFileSync("oxfmt", [target], { stdio: "inherit" });
} finally {
  rmSync(folder, { recursive: true });
}
