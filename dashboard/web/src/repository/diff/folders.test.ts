import { expect, it } from "vitest";
import { foldersOf, nameOf, titleOf, whyFolded } from "./folders.ts";

it("groups files by folder in the patch's order", () => {
  const files = ["README.md", "src/a.ts", "src/deep/b.ts", "src/c.ts"].map((path) => ({ path }));
  expect(foldersOf(files).map(({ path, files: within }) => [path, within.map((file) => nameOf(file.path))])).toEqual([
    ["", ["README.md"]],
    ["src/", ["a.ts", "c.ts"]],
    ["src/deep/", ["b.ts"]],
  ]);
});

it("names the root only beside other folders", () => {
  const titles = (...paths: string[]) => foldersOf(paths.map((path) => ({ path }))).map((folder, _, all) => titleOf(folder, all));
  expect(titles("a.ts", "b.ts")).toEqual([undefined]);
  expect(titles("src/a.ts", "b.ts")).toEqual(["src/", "./"]);
});

it("is not fooled by names", () => {
  expect(foldersOf([{ path: "../../x" }, { path: "/" }]).map(({ path }) => path)).toEqual(["../../", "/"]);
});

it.each([
  [{ additions: 1000, deletions: 500, generated: false }, undefined],
  [{ additions: 1000, deletions: 501, generated: false }, "1,501 changed lines"],
  [{ additions: 1, deletions: 0, generated: true }, "Generated file"],
])("%o is folded because of %s", (file, why) => {
  expect(whyFolded(file)).toBe(why);
});
