import { cut, visible } from "./visible.ts";

/** Words that are nothing but words in Markdown: letters and digits, with marks of ordinary writing between and after them. */
const word = /^[("'“‘«「]?[\p{L}\p{M}\p{N}]+(?:[-–'’.,/][\p{L}\p{M}\p{N}]+)*[)"'”’»」]?[.,;:!?…。，、；：！？]*$/u;
/** GitHub makes a link or a reference of these all the same. */
const linked = /^\W*(?:www\.|gh-\d)/i;
const mark = /^(?:[-–—…&+]|[-–—]>)$/u;

/**
 * Text of a model as Markdown that says what it says and does nothing: whatever is more than a word stands in a code span, in which
 * GitHub knows no mention, reference, closing keyword, link, image or HTML. Lists and paragraphs stay.
 */
export function prose(text: string, most: number): string {
  const paragraphs = visible(cut(text, most))
    .trim()
    .split(/\n\s*\n/);
  return paragraphs
    .map((paragraph) =>
      paragraph
        .split("\n")
        .map(line)
        .filter((one) => one !== "")
        .join("\n"),
    )
    .join("\n\n");
}

/** One line of text as a code span. */
export function code(text: string): string {
  const inside = visible(text).replaceAll(/\s+/g, " ").replaceAll("`", "'").trim();
  return inside === "" ? "" : `\`${inside}\``;
}

function line(text: string): string {
  const [, bullet = "", rest = ""] = /^\s*([-*+]\s+|)(.*)$/.exec(text) ?? [];
  const words = spans(rest).join(" ");
  return bullet === "" || words === "" ? words : `- ${words}`;
}

/** What the model wrote as code stays one piece. */
function spans(text: string): readonly string[] {
  return text
    .split(/(`[^`]+`)/)
    .flatMap((part) => (/^`[^`]+`$/.test(part) ? [code(part.slice(1, -1))] : part.split(/\s+/).map(quoted)))
    .filter((one) => one !== "");
}

function quoted(text: string): string {
  // Alone at the beginning of a line a dash would make a list or a heading; inside a line it is one.
  const harmless = (word.test(text) && !linked.test(text)) || mark.test(text);
  return harmless ? text : code(text);
}
