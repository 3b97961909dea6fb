import type { StreamMessage } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { backOff, Connection, type Liveness, type Source } from "./connection.ts";

/** A world whose clock moves only when it is told to. */
function world() {
  const opened: { url: string; source: Source; isClosed: boolean; say: (message: StreamMessage, id?: string) => void }[] = [];
  const shown: Liveness[] = [];
  const heard: StreamMessage[] = [];
  let waiting: { milliseconds: number; action: () => void } | undefined;
  let polls = 0;
  const connection = new Connection({
    open: (url) => {
      const ears = new Map<string, (text: string, id: string) => void>();
      const line = {
        url,
        isClosed: false,
        say: (message: StreamMessage, id = "") => ears.get(message.kind)?.(JSON.stringify(message), id),
        source: {
          onopen: null,
          onerror: null,
          listen: (kind: string, hear: (text: string, id: string) => void) => void ears.set(kind, hear),
          close: () => {
            line.isClosed = true;
          },
        },
      };
      opened.push(line);
      return line.source;
    },
    urlOf: (topics, since) => `${topics.join(",")}@${since ?? ""}`,
    later: (milliseconds, action) => {
      waiting = { milliseconds, action };
      return () => {
        waiting = undefined;
      };
    },
    random: () => 0,
    hear: (message) => void heard.push(message),
    poll: () => {
      polls += 1;
    },
    show: (liveness) => void shown.push(liveness),
  });
  const pass = (): number => {
    const { milliseconds, action } = waiting!;
    waiting = undefined;
    action();
    return milliseconds;
  };
  return { connection, opened, shown, heard, pass, polls: () => polls, waits: () => waiting !== undefined };
}

it("opens one stream for all topics", () => {
  const { connection, opened, pass } = world();
  connection.follow("batches");
  connection.follow("batch:a/b");
  connection.follow("batches");
  pass();
  expect(opened.map(({ url }) => url)).toEqual(["batches,batch:a/b@"]);
});

it("comes back where it was, and says so", () => {
  const { connection, opened, shown, heard, pass } = world();
  connection.follow("batches");
  pass();
  opened[0]!.source.onopen?.();
  opened[0]!.say({ kind: "health" }, "e-7");
  opened[0]!.source.onerror?.();
  expect(opened[0]!.isClosed).toBe(true);
  expect(pass()).toBe(500);
  expect(opened[1]!.url).toBe("batches@e-7");
  opened[1]!.source.onopen?.();
  expect(shown).toEqual(["connecting", "live", "reconnecting", "reconnecting", "live"]);
  expect(heard).toEqual([{ kind: "health" }]);
});

it("asks page by page after three failures, and still tries", () => {
  const { connection, opened, shown, pass, polls } = world();
  connection.follow("batches");
  pass();
  for (const failure of [0, 1, 2]) {
    opened[failure]!.source.onerror?.();
    if (failure < 2) pass();
  }
  expect(shown.at(-1)).toBe("polling");
  expect(polls()).toBe(1);
  expect(pass()).toBeGreaterThanOrEqual(10_000);
  opened[3]!.source.onopen?.();
  expect(shown.at(-1)).toBe("live");
});

it("is closed while the tab is hidden", () => {
  const { connection, opened, shown, pass } = world();
  connection.follow("batches");
  pass();
  connection.hide(true);
  pass();
  expect(opened[0]!.isClosed).toBe(true);
  expect(shown.at(-1)).toBe("paused");
  connection.hide(false);
  pass();
  expect(opened).toHaveLength(2);
});

it("does not ask again for a topic that was refused", () => {
  const { connection, opened, pass } = world();
  connection.follow("batches");
  connection.follow("batch:a/b");
  pass();
  opened[0]!.say({ kind: "refused", topic: "batch:a/b", error: { kind: "NotFound", message: "gone" } });
  opened[0]!.source.onerror?.();
  pass();
  expect(opened[1]!.url).toBe("batches@");
});

it("stays closed when the session is over, and comes back after a shutdown", () => {
  const over = world();
  over.connection.follow("batches");
  over.pass();
  over.opened[0]!.say({ kind: "end", reason: "SessionExpired" });
  expect(over.waits()).toBe(false);
  const down = world();
  down.connection.follow("batches");
  down.pass();
  down.opened[0]!.say({ kind: "end", reason: "Shutdown" });
  down.pass();
  expect(down.opened).toHaveLength(2);
});

it("waits longer with each failure, up to half a minute", () => {
  expect([1, 2, 3, 10].map((failures) => backOff(failures, 0))).toEqual([500, 1000, 2000, 15_000]);
  expect(backOff(10, 1)).toBe(30_000);
});
