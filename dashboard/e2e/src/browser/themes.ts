import type { Page } from "playwright-core";
import { axe } from "./browser.ts";

/** What axe has against the page in the light and in the dark: the page follows the system's wish without being loaded anew. */
export async function axeInBoth(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: "attached" });
    found.push(...(await axe(page)).map((line) => `${colorScheme}: ${line}`));
  }
  return found;
}
