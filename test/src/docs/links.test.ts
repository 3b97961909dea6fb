import { access, readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");

interface Link {
  readonly from: string;
  readonly target: string;
}

async function documents(): Promise<readonly string[]> {
  const below = (await readdir(join(root, "docs"), { recursive: true })).map((name) => join("docs", name));
  return [...(await readdir(root)), ...below].filter((name) => name.endsWith(".md"));
}

async function linksOf(name: string): Promise<readonly Link[]> {
  const text = (await readFile(join(root, name), "utf8")).replaceAll(/^```[^]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({ from: name, target }));
}

/** Anchors of a document's headings, as GitHub makes them. */
async function anchorsOf(path: string): Promise<readonly string[]> {
  const headings = (await readFile(path, "utf8")).matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

async function leadsNowhere({ from, target }: Link): Promise<boolean> {
  if (/^(https?|mailto):/.test(target)) return false;
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? join(root, from) : join(root, dirname(from), file);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return !isThere || (anchor !== undefined && !(await anchorsOf(path)).includes(anchor));
}

test("every link between the documents leads to a file and a heading that are there", async () => {
  const links = (await Promise.all((await documents()).map(linksOf))).flat();
  const dead = await Promise.all(links.map(async (link) => ((await leadsNowhere(link)) ? [`${link.from}: ${link.target}`] : [])));
  expect(dead.flat()).toEqual([]);
  expect(links.length).toBeGreaterThan(50);
});
