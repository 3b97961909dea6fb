import { useEffect, useEffectEvent } from "react";

const slack = 8;

/** Calls back when the viewer scrolls up, so that nothing pulls them down again. */
export function useScrolledUp(isWatched: boolean, onScrolledUp: () => void): void {
  const tell = useEffectEvent(onScrolledUp);
  useEffect(() => {
    if (!isWatched) return undefined;
    let before = window.scrollY;
    const onScroll = (): void => {
      if (window.scrollY < before - slack) tell();
      before = window.scrollY;
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => window.removeEventListener("scroll", onScroll);
  }, [isWatched]);
}
