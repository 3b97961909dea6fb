import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { colorSchemes, pictureName, pictureSize } from "../../../dashboard/e2e/src/pictures/picture.ts";

const root = join(import.meta.dirname, "../../..");
const most = 200_000;

test.each(colorSchemes)("the README's picture for %s screens is a PNG of the right size, and small", async (colorScheme) => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  expect(readme).toContain(`<source media="(prefers-color-scheme: ${colorScheme})" srcset="docs/images/${pictureName(colorScheme)}">`);
  const picture = await readFile(join(root, "docs/images", pictureName(colorScheme)));
  expect(picture.subarray(1, 4).toString()).toBe("PNG");
  expect({ width: picture.readUInt32BE(16), height: picture.readUInt32BE(20) }).toEqual(pictureSize);
  expect(picture.length).toBeLessThan(most);
});

test("every picture in the README is there and has words for who does not see it", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const pictures = [...readme.matchAll(/<img alt="([^"]*)" src="([^"]+)"[^>]*>/g)];
  expect(pictures.length).toBe([...readme.matchAll(/<img/g)].length);
  for (const [, alt = "", src = ""] of pictures) {
    expect(alt.length).toBeGreaterThan(40);
    expect((await readFile(join(root, src))).length).toBeGreaterThan(0);
  }
});
