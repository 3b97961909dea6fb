import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "@codybatch/operator";
import { launchChromium } from "../../../../dashboard/e2e/src/browser/program.ts";
import { milliseconds } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { median, quantile } from "../statistics.ts";
import { diffsOpened, times, transcriptsOpened, type Opened, type Opening } from "./openings.ts";
import { addressOf, patchOf, setFailed, showBatch, shownBatch, showEnded, showRunning } from "./payload.ts";
import { longest, type Seen } from "./stopwatch.ts";
import { Tab } from "./tab.ts";

export interface PagesSize extends Opened {
  /** How often the cluster changes under a viewer's eyes. */
  readonly changes: number;
  /** How often a transcript grows. */
  readonly growths: number;
}

interface Viewed extends Opening {
  readonly client: Client;
  readonly size: PagesSize;
}

/** What viewers wait for, in Chromium, where nothing of a page is in its cache. */
export async function measurePages(url: string, client: Client, size: PagesSize): Promise<readonly Figure[]> {
  await showBatch(client);
  await showEnded(client, "many-files", { patch: patchOf(20, size.lines / 20) });
  await showEnded(client, "one-file", { patch: patchOf(1, size.lines) });
  await showEnded(client, "long-talk", { events: size.events });
  const browser = await launchChromium();
  const viewed = { browser, url, client, size };
  try {
    return [
      ...(await changesSeen(viewed)),
      ...(await diffsOpened(viewed)),
      ...(await transcriptsOpened(viewed)),
      await growth(viewed, "simplified"),
      await growth(viewed, "technical"),
    ];
  } finally {
    await browser.close();
  }
}

/** Longest task while events come, in a tab that follows the end. */
async function growth({ browser, url, client, size }: Viewed, form: "simplified" | "technical"): Promise<Figure> {
  const grown = 10;
  const name = `talks-${form}`;
  const append = await showRunning(client, name, size.events);
  const counted = (events: number): string => `[...document.querySelectorAll("p[role=status] .cb-dim")].some(({ textContent: text }) =>
    text.startsWith("${events.toLocaleString("en-US")} events") && !text.includes("loaded"))`;
  const seen = await Tab.open(browser, `${url}${addressOf(name, "transcript")}`, counted(size.events + 1), (tab) =>
    grow(tab, { append, grown, counted, size, form }),
  );
  const tasks = seen.flatMap((each) => each.tasks);
  const what = `${grown} events more, ${size.growths} times, into ${size.events.toLocaleString("en")} (${form}): longest task; long ones (goal none over 50 ms)`;
  return { what, value: `${tasks.length === 0 ? "under 50 ms" : milliseconds(longest({ tasks }))}; ${tasks.length}` };
}

interface Growing {
  readonly append: (count: number) => Promise<void>;
  readonly grown: number;
  readonly counted: (events: number) => string;
  readonly size: PagesSize;
  readonly form: "simplified" | "technical";
}

async function grow(tab: Tab, { append, grown, counted, size, form }: Growing): Promise<readonly Seen[]> {
  if (form === "technical") await tab.after(`document.querySelector(".cb-event") !== null`, () => tab.press("t"));
  let events = size.events + 1;
  // The first time compiles: not counted.
  const seen = await times(size.growths + 1, () => {
    events += grown;
    return tab.after(counted(events), () => append(grown));
  });
  return seen.slice(1);
}

/** The list over all batches: its weight, and how soon a change of the cluster is painted. */
async function changesSeen({ browser, url, client, size }: Viewed): Promise<readonly Figure[]> {
  const cell = `[...document.querySelectorAll("tr")].find((row) => row.querySelector("[data-row]")?.textContent === "${shownBatch}")?.querySelector("[data-label=Failed]")?.textContent`;
  const live = `${cell} === "0" && [...document.querySelectorAll("[role=status]")].some(({ textContent }) => textContent.includes("live"))`;
  const { bytes, waits } = await Tab.open(browser, `${url}/`, live, async (tab) => {
    const weight = await tab.scriptBytes();
    let failed = 0;
    const delays = await times(size.changes, async () => {
      failed += 1;
      let sentAt = 0;
      const { origin, shownAt } = await tab.after(`${cell} === "${failed}"`, async () => {
        sentAt = performance.timeOrigin + performance.now();
        await setFailed(client, failed);
      });
      // A row changes on screen at most once a second.
      await pause(1000);
      return origin + shownAt - sentAt;
    });
    return { bytes: weight, waits: delays };
  });
  return [
    { what: "scripts of the first page, compressed (goal 200 kB)", value: `${(bytes / 1000).toFixed(0)} kB` },
    {
      what: `change in the cluster → painted in the list, p50; p95 (n = ${waits.length}, goal 300 ms)`,
      value: `${milliseconds(median(waits))}; ${milliseconds(quantile(waits, 0.95))}`,
    },
  ];
}
