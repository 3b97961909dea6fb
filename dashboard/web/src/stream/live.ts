import { urlOf } from "@codybatch/dashboard-contract/client";
import type { QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useSyncExternalStore } from "react";
import { mayPass } from "../client/client.ts";
import { endSession } from "../session/session.ts";
import { apply } from "./apply.ts";
import { Connection, type Liveness, type Source } from "./connection.ts";

/** The stream of this tab, and how it is. */
export interface Live {
  readonly follow: (topic: string) => () => void;
  readonly subscribe: (listener: () => void) => () => void;
  readonly liveness: () => Liveness;
}

function openSource(url: string): Source {
  const events = new EventSource(url);
  const source: Source = {
    onopen: null,
    onerror: null,
    listen: (kind, hear) => events.addEventListener(kind, (message) => hear(String(message.data), message.lastEventId)),
    close: () => events.close(),
  };
  events.addEventListener("open", () => source.onopen?.());
  events.addEventListener("error", () => source.onerror?.());
  return source;
}

/** What failed while the server was gone: a stream that goes on where it was does not ask for it anew. */
function askFailed(queries: QueryClient): void {
  void queries.refetchQueries({ type: "active", predicate: ({ state: { error } }) => error !== null && mayPass(error) });
}

/** Begins to listen as soon as a page follows a topic. */
export function startLive(queries: QueryClient): Live {
  const listeners = new Set<() => void>();
  let liveness: Liveness = "idle";
  const connection = new Connection({
    open: openSource,
    urlOf: (topics, since) => urlOf("stream", { params: {}, query: { topics: topics.join(","), since } }),
    later: (milliseconds, action) => {
      const timer = window.setTimeout(action, milliseconds);
      return () => window.clearTimeout(timer);
    },
    random: Math.random,
    hear: (message) => {
      apply(queries, message);
      if (message.kind === "end" && message.reason === "SessionExpired") endSession("TokenExpired");
    },
    poll: () => void queries.invalidateQueries({ type: "active" }),
    show: (next) => {
      liveness = next;
      if (next === "live") askFailed(queries);
      for (const listener of listeners) listener();
    },
  });
  document.addEventListener("visibilitychange", () => connection.hide(document.visibilityState === "hidden"));
  return {
    follow: (topic) => connection.follow(topic),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    liveness: () => liveness,
  };
}

const never: Live = { follow: () => () => undefined, subscribe: () => () => undefined, liveness: () => "paused" };
export const LiveContext = createContext<Live>(never);

/** Follows a topic while the component is there. */
export function useTopic(topic: string | undefined): void {
  const live = useContext(LiveContext);
  useEffect(() => (topic === undefined ? undefined : live.follow(topic)), [live, topic]);
}

export function useLiveness(): Liveness {
  const live = useContext(LiveContext);
  return useSyncExternalStore(live.subscribe, live.liveness);
}
