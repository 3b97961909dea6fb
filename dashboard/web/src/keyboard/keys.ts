import { useEffect, useEffectEvent } from "react";

/** What the keys do, for the list that `?` shows. */
export const keyList = [
  ["/", "Search"],
  ["j / k", "Next / previous row, hunk or event"],
  ["[ / ]", "Previous / next file"],
  ["u / s", "Unified / split diff"],
  ["t", "Simplified / technical transcript"],
  ["e", "Next error of a transcript"],
  ["Ctrl K", "Go to a page or batch"],
  ["?", "This list"],
] as const;

/** Whether a key belongs to a field that is being written in, or to the browser. */
export function isTyping(event: Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey" | "target">): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const { target } = event;
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select, [role=dialog] *"));
}

/** Calls what belongs to a key while the component is there. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const action = actions[event.key];
    if (action === undefined || event.defaultPrevented || isTyping(event)) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** Moves the focus by `step` among the elements that `selector` finds, and shows the one that has it. */
export function moveFocus(selector: string, step: 1 | -1): void {
  const found = [...document.querySelectorAll<HTMLElement>(selector)];
  const here = found.findIndex((element) => element === document.activeElement || element.contains(document.activeElement));
  const next = here === -1 ? (step === 1 ? 0 : found.length - 1) : Math.min(found.length - 1, Math.max(0, here + step));
  found[next]?.focus();
  found[next]?.scrollIntoView({ block: "nearest" });
}
