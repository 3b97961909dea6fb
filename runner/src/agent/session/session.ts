import { formatUSD } from "@codybatch/crds";
import type { Log } from "../../log.ts";
import { nudgeText } from "../prompt/nudges.ts";
import type { Keeper } from "../store/keeper.ts";
import type { Transcript } from "../store/transcript.ts";
import { strictSchema } from "../tools/strict-schema.ts";
import type { Tool } from "../tools/tool.ts";
import { Conversation } from "./conversation.ts";
import { contextExceeded, cutOffTooOften, type Ending, notReported, refused, stuck } from "./ending.ts";
import { type Go, type Limits, shareUsed } from "./limits.ts";
import { thresholdPassed } from "./thresholds.ts";
import { addCalls, noRepetition, type Repetition } from "./repetition.ts";
import type { Report } from "./report.ts";
import { type Done, resultBlock, runCalls, toolUses } from "./schedule.ts";
import type { Answer } from "./stream.ts";
import type { Wire } from "./wire.ts";

export interface SessionParts {
  readonly model: string;
  readonly effort: "low" | "medium" | "high" | "xhigh" | "max";
  readonly system: string;
  readonly firstMessage: string;
  readonly tools: readonly Tool[];
  readonly report: Report;
  readonly limits: Limits;
  readonly startedAt: number;
  readonly wire: Wire;
  readonly transcript: Transcript;
  readonly keeper: Keeper;
  readonly log: Log;
  readonly now: () => number;
}

const mostReportNudges = 2;
/** One for the change, one after its diff was shown, one after a veto. */
const mostWrittenReports = 3;
const mostCutOffs = 3;

/** One conversation with the model, turn after turn until it ends. */
export class Session {
  readonly #parts: SessionParts;
  readonly #tools: readonly Tool[];
  readonly #conversation: Conversation;
  #repetition: Repetition = noRepetition;
  #spokenOf = 0;
  #unreported = 0;
  #writtenReports = 0;
  #cutOffs = 0;

  constructor(parts: SessionParts) {
    const { model, effort, system, firstMessage } = parts;
    this.#parts = parts;
    this.#tools = [...parts.tools, parts.report.tool];
    this.#conversation = new Conversation({ model, effort, system, tools: this.#tools, cached: true });
    this.#conversation.say([{ type: "text", text: firstMessage }]);
  }

  async run(): Promise<Ending> {
    const { transcript, system, firstMessage } = this.#parts;
    await transcript.add({ kind: "system", text: system, tools: this.#tools.map((tool) => tool.name) });
    await transcript.add({ kind: "user", content: [{ type: "text", text: firstMessage }] });
    for (;;) {
      const ending = await this.#turn();
      if (ending !== undefined) return ending;
    }
  }

  async #turn(): Promise<Ending | undefined> {
    const { limits, wire } = this.#parts;
    const asked = await wire.ask({ conversation: this.#conversation, limits, waiting: "waits for the model", by: "assistant" });
    return asked.kind === "ended" ? asked.ending : this.#act(asked.answer, asked.go);
  }

  async #act(answer: Answer, go: Go): Promise<Ending | undefined> {
    const over = overBy(answer);
    if (over !== undefined) return over;
    if (toolUses(answer.content).length > 0) return this.#runTools(answer, go);
    if (answer.stopReason === "pause_turn") return undefined;
    if (answer.stopReason === "max_tokens") return this.#cutOff(go);
    return this.#demandReport();
  }

  async #runTools(answer: Answer, go: Go): Promise<Ending | undefined> {
    this.#unreported = 0;
    const cut = { cutOff: answer.stopReason === "max_tokens", maxOutputTokens: go.maxOutputTokens };
    const { transcript, wire } = this.#parts;
    const { turns } = wire.meter;
    const done = await runCalls(answer.content, this.#tools, cut, this.#parts.now);
    // A second opinion has turns of its own.
    transcript.beginTurn(turns);
    for (const call of done) await this.#recordCall(call);
    if (done.some((call) => call.wrote)) await this.#parts.keeper.refreshPatch();
    const { ending } = this.#parts.report;
    if (ending !== undefined) return ending;
    this.#cutOffs = cut.cutOff && done.every((call) => call.isError) ? this.#cutOffs + 1 : 0;
    return this.#cutOffs > mostCutOffs ? cutOffTooOften(this.#cutOffs) : this.#answerCalls(done);
  }

  async #recordCall({ use, text, isError, durationMs, fault }: Done): Promise<void> {
    if (fault !== undefined) this.#parts.log.warn({ err: fault, tool: use.name }, "a tool failed");
    await this.#parts.transcript.add({ kind: "tool", toolUseID: use.id, name: use.name, isError, output: text, durationMs });
  }

  async #answerCalls(done: readonly Done[]): Promise<Ending | undefined> {
    const calls = done.map(({ use, text, isError }) => ({ name: use.name, input: use.input, output: text, isError }));
    const { repetition, verdict } = addCalls(this.#repetition, calls);
    this.#repetition = repetition;
    if (verdict.kind === "stuck") return stuck(verdict.message);
    const nudges = [...(verdict.kind === "nudge" ? [{ cause: "Repetition", text: verdict.text }] : []), ...this.#limitNudge()];
    for (const nudge of nudges) await this.#parts.transcript.add({ kind: "nudge", ...nudge });
    this.#conversation.say([...done.map(resultBlock), ...nudges.map(({ text }) => ({ type: "text", text }) as const)]);
    return undefined;
  }

  #limitNudge(): readonly { readonly cause: string; readonly text: string }[] {
    const { limits, startedAt, now, wire } = this.#parts;
    const threshold = thresholdPassed(shareUsed(limits, wire.standing(this.#conversation), startedAt, now()), this.#spokenOf);
    if (threshold === undefined) return [];
    this.#spokenOf = threshold;
    const usd = formatUSD(Math.max(0, limits.maxCostNanoUSD - wire.meter.costNanoUSD));
    return [{ cause: "Limit", text: nudgeText.limit(Math.round(threshold * 100), { turns: limits.maxTurns - wire.meter.turns, usd }) }];
  }

  async #cutOff(go: Go): Promise<Ending | undefined> {
    this.#cutOffs += 1;
    if (this.#cutOffs > mostCutOffs) return cutOffTooOften(this.#cutOffs);
    return this.#nudge("CutOff", nudgeText.cutOff(go.maxOutputTokens));
  }

  async #demandReport(): Promise<Ending | undefined> {
    this.#unreported += 1;
    return this.#unreported > mostReportNudges ? this.#takeWrittenReport() : this.#nudge("NoReport", nudgeText.report);
  }

  /** The last resort: the report as JSON instead of a call, held to the same truth. What it is answered with goes back as text. */
  async #takeWrittenReport(): Promise<Ending | undefined> {
    const { limits, report, transcript, wire } = this.#parts;
    if (this.#writtenReports === mostWrittenReports) return notReported;
    this.#writtenReports += 1;
    await this.#nudge("WrittenReport", nudgeText.lastReport);
    const form = { type: "json_schema", schema: strictSchema(report.tool.schema) } as const;
    const asked = await wire.ask({ conversation: this.#conversation, limits, waiting: "waits for the report", form, by: "assistant" });
    if (asked.kind === "ended") return asked.ending;
    const { turns } = wire.meter;
    const { answer } = asked;
    const written = answer.stopReason === "end_turn" ? jsonIn(answer.content) : undefined;
    if (written === undefined) return overBy(answer) ?? notReported;
    const { text } = await report.tool.call(written);
    transcript.beginTurn(turns);
    return report.ending ?? this.#nudge("WrittenReport", text);
  }

  async #nudge(cause: string, text: string): Promise<undefined> {
    await this.#parts.transcript.add({ kind: "nudge", cause, text });
    this.#conversation.say([{ type: "text", text }]);
  }
}

/** How an answer ends the run by itself. */
function overBy({ stopReason, refusal }: Answer): Ending | undefined {
  if (stopReason === "refusal") return refused(refusal);
  return stopReason === "model_context_window_exceeded" ? contextExceeded : undefined;
}

/** The JSON that an answer's text is; undefined when it is none. */
function jsonIn(content: Answer["content"]): unknown {
  try {
    return JSON.parse(content.map((block) => (block.type === "text" ? block.text : "")).join(""));
  } catch {
    return undefined;
  }
}
