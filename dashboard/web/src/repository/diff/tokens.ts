import { type HunkData, type HunkTokens, markEdits, tokenize } from "react-diff-view";
import { refractor } from "refractor";
import { languageOf } from "./language.ts";

// react-diff-view wants the list of nodes, as older versions of refractor gave it.
const highlighter = { highlight: (code: string, language: string) => refractor.highlight(code, language).children };
const longestLine = 1000;

/** Colours of words and marks of what changed within a line; undefined where they would cost too much or fail. */
export function tokensOf(hunks: HunkData[], path: string): HunkTokens | undefined {
  if (hunks.some(({ changes }) => changes.some(({ content }) => content.length > longestLine))) return undefined;
  const enhancers = [markEdits(hunks, { type: "block" })];
  const language = languageOf(path);
  try {
    return language === undefined
      ? tokenize(hunks, { enhancers })
      : tokenize(hunks, { highlight: true, refractor: highlighter, language, enhancers });
  } catch {
    // A grammar can fail on broken code: plain text then.
    return undefined;
  }
}
