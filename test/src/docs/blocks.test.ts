import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { validate } from "@codybatch/crds";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { blocksOf, type Block } from "./block.ts";

const root = join(import.meta.dirname, "../../..");

async function allBlocks(): Promise<readonly Block[]> {
  const folders = [".", "docs", "docs/adr", "docs/guide", "docs/examples"];
  const documents = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder))).filter((name) => name.endsWith(".md")).map((name) => join(folder, name)),
    ),
  );
  const blocks = documents.flat().map(async (name) => blocksOf(name, await readFile(join(root, name), "utf8")));
  return (await Promise.all(blocks)).flat();
}

test("every shell block of the documents is run, or says why it is not", async () => {
  const shell = (await allBlocks()).filter(({ language }) => ["sh", "bash", "console"].includes(language));
  const notes =
    /^(run|run until stopped|run on a node|replaced in the test: .{10,}|not run( here| by a test)?: .{10,}|file=[a-z][a-z-]*\.sh)$/;
  const silent = shell.filter(({ note }) => !notes.test(note));
  expect(silent.map(({ document, line }) => `${document}:${line}`)).toEqual([]);
  expect(shell.length).toBeGreaterThan(5);
});

test("every BatchChange of the documents is accepted as it stands", async () => {
  const manifests = (await allBlocks()).filter(({ language }) => language === "yaml").flatMap(({ text }) => parseAllDocuments(text));
  const batches = manifests.map((document): unknown => document.toJS()).filter(isBatchChange);
  expect(batches.map((batch) => validate("BatchChange", batch))).toEqual(batches.map(() => expect.objectContaining({ ok: true })));
  expect(batches.length).toBeGreaterThan(0);
});

function isBatchChange(value: unknown): boolean {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "BatchChange";
}
