import { gzipSync } from "node:zlib";
import { launchChromium } from "../../../../dashboard/e2e/src/browser/program.ts";
import { read, stopwatch, until, type Seen } from "./stopwatch.ts";

export type Browser = Awaited<ReturnType<typeof launchChromium>>;
type Page = Awaited<ReturnType<Browser["newPage"]>>;

/** A tab of its own session, with nothing in its cache. */
export class Tab {
  readonly #page: Page;
  readonly #scripts: Promise<number>[] = [];

  private constructor(page: Page) {
    this.#page = page;
    page.setDefaultTimeout(60_000);
    page.on("response", (response) => {
      if (new URL(response.url()).pathname.endsWith(".js")) this.#scripts.push(response.body().then((body) => gzipSync(body).length));
    });
  }

  /** Opens an address and waits for what is wanted; gives the work what was seen. */
  static async open<T>(browser: Browser, address: string, wanted: string, work: (tab: Tab, seen: Seen) => Promise<T>): Promise<T> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    try {
      const tab = new Tab(await context.newPage());
      await tab.#page.addInitScript(stopwatch(wanted));
      await tab.#page.goto(address);
      return await work(tab, await tab.seen());
    } finally {
      await context.close();
    }
  }

  seen(): Promise<Seen> {
    return this.#page.evaluate(read);
  }

  /** Does something and waits for what it should bring. */
  async after(wanted: string, act: () => Promise<unknown>): Promise<Seen> {
    await this.#page.evaluate(until(wanted));
    await act();
    return this.seen();
  }

  /** Clicks in the page itself, so that nothing outside of it takes time. */
  click(selector: string): Promise<void> {
    return this.#page.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
  }

  press(key: string): Promise<void> {
    return this.#page.keyboard.press(key);
  }

  /** Bytes of all scripts so far, compressed. */
  async scriptBytes(): Promise<number> {
    return (await Promise.all(this.#scripts)).reduce((sum, bytes) => sum + bytes, 0);
  }
}
