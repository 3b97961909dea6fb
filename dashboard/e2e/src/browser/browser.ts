import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { launchChromium } from "./program.ts";

/** A tab, and everything that went wrong in it. */
export interface Tab {
  readonly page: Page;
  /** Errors of scripts, refused styles and the like; empty when all is well. */
  readonly complaints: string[];
}

/** One browser for a file of tests; what it returns opens a tab with a session of its own. */
export function browser(): (url: string, options?: BrowserContextOptions) => Promise<Tab> {
  let running: Browser | undefined;
  beforeAll(async () => {
    running = await launchChromium();
  });
  afterAll(() => running?.close());
  return async (url, options = {}) => {
    if (running === undefined) throw new Error("the browser is not started");
    const context = await running.newContext({ baseURL: url, viewport: { width: 1280, height: 900 }, timezoneId: "UTC", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
    });
    return { page, complaints };
  };
}

/** What axe has against the page, one line each; empty when it has nothing. */
export async function axe(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 5).map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary ?? ""}`),
  );
}

/** Whether anything stands out of the page to the right. */
export function overflows(page: Page): Promise<boolean> {
  return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
}
