import { useEffect, useState } from "react";
import type { HunkData, HunkTokens } from "react-diff-view";
import { tokensOf } from "./tokens.ts";

/** Colours come after the plain text: they take longer than all the rest. */
export function useTokens(hunks: HunkData[] | undefined, path: string): HunkTokens | undefined {
  const [coloured, setColoured] = useState<{ readonly hunks: HunkData[]; readonly tokens: HunkTokens | undefined }>();
  useEffect(() => {
    if (hunks === undefined) return undefined;
    const timer = window.setTimeout(() => setColoured({ hunks, tokens: tokensOf(hunks, path) }), 30);
    return () => window.clearTimeout(timer);
  }, [hunks, path]);
  return coloured !== undefined && coloured.hunks === hunks ? coloured.tokens : undefined;
}
