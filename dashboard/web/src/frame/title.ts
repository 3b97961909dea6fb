import { useEffect } from "react";
import { oneLine, shortened } from "../text/visible.ts";

/** Names the page in the tab and for screen readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${shortened(oneLine(title), 80)} · Cody Batch`;
  }, [title]);
}
