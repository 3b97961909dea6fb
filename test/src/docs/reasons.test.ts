import { readFile, readdir } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { isReason, reasons, skipReasons } from "@codybatch/crds";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");

/** Program text of operator and runner without tests and types, in which a quoted word is a value. */
async function programs(): Promise<string> {
  const listed = await Promise.all(
    ["operator/src", "runner/src"].map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((name) => join(root, folder, name)),
    ),
  );
  const sources = listed.flat().filter((name) => name.endsWith(".ts") && !/\.test\.ts$|\/testing\//.test(name));
  const texts = await Promise.all(sources.map((name) => readFile(name, "utf8")));
  return texts.map((text) => stripTypeScriptTypes(text)).join("\n");
}

test("every reason that operator or runner sets has its paragraph", async () => {
  const set = (await programs()).matchAll(/\breason: (?:[^",{}]*\? )?"(\w+)"(?: : "(\w+)")?/g);
  const words = [...set].flatMap(([, first, second]) => [first ?? "", second ?? ""]).filter((word) => word !== "");
  // Why a search leaves a repository out is told in the guide.
  const left: readonly string[] = skipReasons;
  expect(words.filter((word) => !isReason(word) && !left.includes(word))).toEqual([]);
  expect(new Set(words).size).toBeGreaterThan(40);
});

test("no paragraph is for a reason that nothing sets", async () => {
  const text = await programs();
  // A comparison sets nothing, and these fields have words of their own.
  const isSet = (reason: string): boolean => new RegExp(`(?<!(?:===|!==|kind:|state:|phase:|outcome:|ended:) )"${reason}"`).test(text);
  expect(Object.keys(reasons).filter((reason) => !isSet(reason))).toEqual([]);
});

test("the chart's policies refuse with reasons of Kubernetes only, which need no paragraph", async () => {
  const templates = join(root, "charts/cody-batch/templates");
  const names = (await readdir(templates, { recursive: true })).filter((name) => name.endsWith(".yaml"));
  const texts = await Promise.all(names.map((name) => readFile(join(templates, name), "utf8")));
  const said = texts.flatMap((text) => [...text.matchAll(/^ +reason: (\S+)$/gm)].map(([, reason]) => reason));
  expect(new Set(said)).toEqual(new Set(["Forbidden", "FieldValueForbidden", "FieldValueRequired"]));
});

test("the guide tells each reason to leave out a repository that a search found", async () => {
  const page = await readFile(join(root, "docs/guide/discovery.md"), "utf8");
  expect(skipReasons.filter((reason) => !page.includes(`| \`${reason}\` |`))).toEqual([]);
});
