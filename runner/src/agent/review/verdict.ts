import type { BetaContentBlockParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { z } from "zod";
import { escapeHidden } from "../gate/index.ts";
import { opinionText, verdictTool } from "../prompt/second-opinion.ts";
import { toolUses } from "../session/schedule.ts";
import type { Answer } from "../session/stream.ts";

const { name, description, approved, reasons } = verdictTool;

/** The only tool that a reviewing model has. */
export const giveVerdict = {
  name,
  description,
  schema: z.strictObject({ approved: z.boolean().describe(approved), reasons: z.array(z.string()).describe(reasons) }),
} as const;

export interface Verdict {
  readonly approved: boolean;
  /** Of one line each, without characters that hide or reorder. */
  readonly reasons: readonly string[];
}

/** What an answer comes to; only a whole and single valid call is a verdict, so nothing is approved by accident. */
export type Heard =
  | ({ readonly kind: "verdict" } & Verdict)
  | { readonly kind: "none"; readonly why: string }
  | { readonly kind: "pause" }
  | { readonly kind: "unclear"; readonly reply: readonly BetaContentBlockParam[] };

export function hear(answer: Answer): Heard {
  const { content, stopReason } = answer;
  if (stopReason === "refusal") return { kind: "none", why: refusalOf(answer) };
  if (stopReason === "model_context_window_exceeded") return { kind: "none", why: "the change does not fit its context" };
  if (stopReason === "pause_turn" && toolUses(content).length === 0) return { kind: "pause" };
  const verdict = verdictIn(answer);
  return verdict === undefined ? { kind: "unclear", reply: replyTo(content) } : { kind: "verdict", ...verdict };
}

/** An answer that was cut off says nothing for certain, and neither do two calls. */
function verdictIn({ content, stopReason }: Answer): Verdict | undefined {
  const [use, ...more] = toolUses(content);
  if (stopReason !== "tool_use" || use?.name !== name || more.length > 0) return undefined;
  const said = giveVerdict.schema.safeParse(use.input);
  if (!said.success) return undefined;
  const lines = said.data.reasons.map((reason) => oneLine(reason, longestReason)).filter((reason) => reason !== "");
  return said.data.approved || lines.length > 0 ? { approved: said.data.approved, reasons: lines.slice(0, mostReasons) } : undefined;
}

function refusalOf({ refusal }: Answer): string {
  return refusal === undefined || refusal === "" ? "it refused" : `it refused (${oneLine(refusal, 300)})`;
}

const longestReason = 1000;
const mostReasons = 10;

/** Every call is answered, as the API demands. */
function replyTo(content: readonly BetaContentBlockParam[]): readonly BetaContentBlockParam[] {
  const results = toolUses(content).map(
    ({ id }) => ({ type: "tool_result", tool_use_id: id, content: opinionText.nudge, is_error: true }) as const,
  );
  return results.length > 0 ? results : [{ type: "text", text: opinionText.nudge }];
}

// oxlint-disable-next-line no-control-regex
const blank = /[\s\u0000-\u001f\u007f-\u009f]+/g;

/** A model's sentence as one line, at most so long. */
export function oneLine(text: string, most: number): string {
  const line = escapeHidden(text.replace(blank, " ").trim());
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}
