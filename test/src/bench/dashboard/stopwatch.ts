/**
 * A script for a page, to run before its own. What is wanted is looked for at every change of the page, and noted once its frame was painted. Long tasks
 * are the browser's own count: of 50 ms or more.
 */
export function stopwatch(wanted: string): string {
  return `(() => {
    const watch = { tasks: [], startedAt: 0 };
    window.stopwatch = watch;
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) watch.tasks.push({ start: startTime, duration });
    }).observe({ type: "longtask", buffered: true });
    watch.until = (isThere) => {
      watch.startedAt = performance.now();
      watch.tasks.length = 0;
      watch.shown = new Promise((resolve) => {
        const painted = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0));
        const observer = new MutationObserver(() => look());
        const look = () => {
          if (!isThere()) return;
          observer.disconnect();
          painted();
        };
        observer.observe(document, { subtree: true, childList: true, characterData: true });
        look();
      });
    };
    watch.read = async () => {
      const shownAt = await watch.shown;
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { startedAt, tasks } = watch;
      return { startedAt, shownAt, tasks, origin: performance.timeOrigin };
    };
    watch.until(() => ${wanted});
    watch.startedAt = 0;
  })()`;
}

/** Begins anew in a page that is open. */
export function until(wanted: string): string {
  return `stopwatch.until(() => ${wanted})`;
}

/** Half a second after what is wanted was painted. */
export const read = "stopwatch.read()";

/** Milliseconds; all but `origin` and durations since the page's navigation began, `origin` since 1970. */
export interface Seen {
  readonly startedAt: number;
  readonly shownAt: number;
  readonly tasks: readonly { readonly start: number; readonly duration: number }[];
  readonly origin: number;
}

/** How long until it could be used: it is painted, and no long task that began by then still holds the page. */
export function usableAfter({ startedAt, shownAt, tasks }: Seen): number {
  return Math.max(shownAt, ...tasks.filter(({ start }) => start <= shownAt).map(({ start, duration }) => start + duration)) - startedAt;
}

/** The longest task; 0 when none was of 50 ms. */
export function longest({ tasks }: Pick<Seen, "tasks">): number {
  return Math.max(0, ...tasks.map(({ duration }) => duration));
}
