import { useEffect, useEffectEvent } from "react";
import { isTyping } from "../../keyboard/keys.ts";

/** Pixels that a finger may tremble. */
const slack = 8;
const upward: ReadonlySet<string> = new Set(["ArrowUp", "PageUp", "Home", "k"]);

/**
 * Calls back when the viewer turns to what is further up, so that nothing pulls them down again.
 * Where the page stands says nothing about that: rows that come out shorter than guessed move it up, too.
 */
export function useScrolledUp(isWatched: boolean, onScrolledUp: () => void): void {
  const tell = useEffectEvent(onScrolledUp);
  useEffect(() => {
    if (!isWatched) return undefined;
    const over = new AbortController();
    const options = { passive: true, signal: over.signal } as const;
    let finger = 0;
    const on = <K extends keyof WindowEventMap>(kind: K, isUpward: (event: WindowEventMap[K]) => boolean): void =>
      window.addEventListener(kind, (event) => isUpward(event) && tell(), options);
    on("wheel", ({ deltaY }) => deltaY < 0);
    on("keydown", (event) => upward.has(event.key) && !isTyping(event));
    window.addEventListener("touchstart", ({ touches }) => (finger = touches[0]?.clientY ?? 0), options);
    on("touchmove", ({ touches }) => (touches[0]?.clientY ?? 0) > finger + slack);
    // The scroll bar lies beside the page.
    on("pointerdown", ({ clientX }) => clientX >= document.documentElement.clientWidth);
    return () => over.abort();
  }, [isWatched]);
}
