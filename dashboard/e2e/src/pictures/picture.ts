import { join } from "node:path";
import type { Browser } from "playwright-core";

/** Forms of the pictures, as `prefers-color-scheme` names them. */
export const colorSchemes = ["light", "dark"] as const;
/** Pixels of a picture. The page itself is laid out at less, so that its words can be read where the picture is shown smaller. */
export const pictureSize = { width: 1280, height: 760 } as const;
const scale = 1.25;

/** Name of a picture's file. */
export function pictureName(colorScheme: (typeof colorSchemes)[number]): string {
  return `dashboard-${colorScheme}.png`;
}

/** Takes the pair: the demo's first batch, with the line that says whose answers these are. */
export async function takePictures(browser: Browser, url: string, folder: string): Promise<void> {
  const viewport = { width: pictureSize.width / scale, height: pictureSize.height / scale };
  for (const colorScheme of colorSchemes) {
    const options = { colorScheme, viewport, deviceScaleFactor: scale, timezoneId: "UTC", reducedMotion: "reduce" } as const;
    const context = await browser.newContext({ baseURL: url, ...options });
    const page = await context.newPage();
    await page.goto("/batches/default/node-24");
    await page.getByText("scripted stand-in").waitFor();
    await page.getByRole("row", { name: /legacy-gateway/ }).waitFor();
    await page.getByRole("status").getByText("live").waitFor();
    await page.screenshot({ path: join(folder, pictureName(colorScheme)) });
    await context.close();
  }
}
