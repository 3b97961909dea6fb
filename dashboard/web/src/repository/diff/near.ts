import { type RefObject, useEffect, useRef, useState } from "react";

/** Pixels. What is not drawn yet takes about as much room as it will. */
export const lineHeight = 19;

/** Whether the element has come near to what is seen; once true it stays true. */
export function useNear<T extends HTMLElement>(): readonly [RefObject<T | null>, boolean] {
  const element = useRef<T>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (isNear || element.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: "600px" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [isNear]);
  return [element, isNear];
}
