import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { builtPages } from "./pages.ts";

let root = "";
let said: string[] = [];

/** A checkout whose pages are one title. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "codybatch-built-"));
  said = [];
  await symlink(join(import.meta.dirname, "../../../node_modules"), join(root, "node_modules"));
  await write("dashboard/web/index.html", '<title>one</title><script type="module" src="/src/main.ts"></script>');
  await write("dashboard/web/src/main.ts", "document.body.textContent = 'one';");
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

/** As if it had been changed in a minute from now. */
async function changeLater(path: string, text: string): Promise<void> {
  await write(path, text);
  const later = new Date(Date.now() + 60_000);
  await utimes(join(root, path), later, later);
}

async function page(): Promise<string> {
  const folder = await builtPages({ root, say: (line) => said.push(line), signal: new AbortController().signal });
  return readFile(join(folder, "index.html"), "utf8");
}

test("builds the pages once, and again when their sources are newer", async () => {
  expect(await page()).toContain("<title>one</title>");
  expect(await page()).toContain("<title>one</title>");
  expect(said).toEqual(["Building the dashboard's pages, once …"]);
  await changeLater("dashboard/web/index.html", "<title>two</title>");
  expect(await page()).toContain("<title>two</title>");
  expect(said).toHaveLength(2);
});

test("a build that fails says why, keeps what was there and leaves nothing half done", async () => {
  await page();
  await changeLater("dashboard/web/src/main.ts", "import './absent.ts';");
  await expect(page()).rejects.toThrow("absent.ts");
  expect(existsSync(join(root, "dashboard/web/dist/index.html"))).toBe(true);
  expect((await readdir(join(root, "dashboard/web"))).toSorted()).toEqual(["dist", "index.html", "src"]);
});
