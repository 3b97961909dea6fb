import { milliseconds } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { median } from "../statistics.ts";
import { addressOf, shownBatchAddress } from "./payload.ts";
import { longest, usableAfter, type Seen } from "./stopwatch.ts";
import { Tab, type Browser } from "./tab.ts";

export interface Opened {
  readonly lines: number;
  readonly events: number;
  /** How often each page is opened. */
  readonly openings: number;
}

export interface Opening {
  readonly browser: Browser;
  readonly url: string;
  readonly size: Opened;
}

const lineShown = `document.querySelector("tr.diff-line") !== null`;
const stepShown = `document.querySelector(".cb-step, .cb-event") !== null`;
const cold = "cold start of the page included";

/** How soon a diff is there: by a click in the list of repositories, by its address, and a long file by a click. */
export async function diffsOpened(opening: Opening): Promise<readonly Figure[]> {
  const lines = opening.size.lines.toLocaleString("en");
  const folded = ".cb-folded button";
  return [
    figure(
      `the batch's page, a click on the repository → diff of ${lines} lines in 20 files usable (goal 1 s)`,
      await byClick(opening, { address: shownBatchAddress, link: `a[data-row][href*="many-files"]`, wanted: lineShown }),
    ),
    figure(`navigation, ${cold} → diff of ${lines} lines in 20 files usable`, await byAddress(opening, "many-files", "diff", lineShown)),
    figure(
      `a click → ${lines} lines of one file usable (goal 1 s)`,
      await byClick(opening, { address: addressOf("one-file", "diff"), link: folded, wanted: lineShown }),
    ),
  ];
}

/** How soon the first events of a long transcript are there: by a click on its tab and by its address. */
export async function transcriptsOpened(opening: Opening): Promise<readonly Figure[]> {
  const events = opening.size.events.toLocaleString("en");
  const click = { address: addressOf("long-talk", "checks"), link: `.cb-tabs a[href*="tab=transcript"]`, wanted: stepShown };
  return [
    figure(
      `the repository's page, a click on Transcript → transcript of ${events} events usable (goal 500 ms)`,
      await byClick(opening, click),
    ),
    figure(`navigation, ${cold} → transcript of ${events} events usable`, await byAddress(opening, "long-talk", "transcript", stepShown)),
  ];
}

interface Click {
  readonly address: string;
  /** Clicked half a second after it was there. */
  readonly link: string;
  readonly wanted: string;
}

/** In a new tab each time: what it has loaded by the click is what its first page loads by itself. */
function byClick({ browser, url, size }: Opening, { address, link, wanted }: Click): Promise<readonly Seen[]> {
  const linkShown = `document.querySelector(${JSON.stringify(link)}) !== null`;
  return times(size.openings, () => Tab.open(browser, `${url}${address}`, linkShown, (tab) => tab.after(wanted, () => tab.click(link))));
}

type Addressed = Parameters<typeof addressOf>;

function byAddress({ browser, url, size }: Opening, ...[name, tab, wanted]: [...Addressed, string]): Promise<readonly Seen[]> {
  return times(size.openings, () => Tab.open(browser, `${url}${addressOf(name, tab)}`, wanted, (_tab, seen) => Promise.resolve(seen)));
}

function figure(what: string, seen: readonly Seen[]): Figure {
  const [waits, tasks] = [seen.map(usableAfter), seen.map(longest)];
  const value = `${milliseconds(median(waits))}; ${milliseconds(Math.max(...waits))}; ${milliseconds(median(tasks))}`;
  return { what: `${what}: median; slowest; longest task (n = ${seen.length})`, value };
}

/** Does something so often, one after the other. */
export async function times<T>(count: number, act: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let time = 0; time < count; time += 1) results.push(await act());
  return results;
}
