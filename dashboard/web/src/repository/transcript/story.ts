import type { TranscriptItem } from "@codybatch/dashboard-contract";
import type { Tone } from "../../status/tone.ts";
import { oneLine, shortened } from "../../text/visible.ts";
import { blocksOf } from "./blocks.ts";
import { type Deeds, deedsOf, isOnlyReading, together, tell } from "./deeds.ts";
import type { Fold } from "./so-far.ts";

type Event = TranscriptItem["event"];

/** One line of the story: what a step came to, and which events it is made of. */
export interface Step {
  /** Number of its first event, by which it is linked to. */
  readonly n: number;
  readonly turn: number;
  readonly at: string;
  readonly tone: Tone;
  readonly text: string;
  /** What Claude said about it. */
  readonly said: string | undefined;
  readonly events: readonly TranscriptItem[];
}

/** A transcript as a story: a turn is one line, turns that only read are one line together. */
interface Story {
  readonly steps: readonly Step[];
  /** Events of the last step while more may join it. All steps before stay the same objects. */
  readonly open: readonly TranscriptItem[];
  /** Checks that had failed before those. */
  readonly failing: ReadonlySet<string>;
}

export const story: Fold<TranscriptItem, Story> = { empty: { steps: [], open: [], failing: new Set() }, add: toldFurther };

function toldFurther({ steps: before, open, failing }: Story, fresh: readonly TranscriptItem[]): Story {
  const steps = open.length === 0 ? [...before] : before.slice(0, -1);
  const scenes = scenesOf(chaptersOf([...open, ...fresh]));
  let [failed, failedBefore] = [failing, failing];
  for (const { events, deeds } of scenes) {
    failedBefore = failed;
    if (deeds === undefined) steps.push(...events.flatMap(single));
    else steps.push(turnStep(events, deeds, failed));
    if (deeds !== undefined) failed = failedAfter(failed, deeds);
  }
  const last = scenes.at(-1);
  return last?.deeds === undefined ? { steps, open: [], failing: failed } : { steps, open: last.events, failing: failedBefore };
}

const ofTurn = new Set<Event["kind"]>(["assistant", "tool", "check", "patch"]);

function chaptersOf(items: readonly TranscriptItem[]): readonly (readonly TranscriptItem[])[] {
  const chapters: TranscriptItem[][] = [];
  for (const item of items) {
    const last = chapters.at(-1);
    if (last !== undefined && belongs(item, last)) last.push(item);
    else chapters.push([item]);
  }
  return chapters;
}

function belongs({ event }: TranscriptItem, chapter: readonly TranscriptItem[]): boolean {
  const first = chapter[0]?.event;
  return first !== undefined && ofTurn.has(event.kind) && ofTurn.has(first.kind) && event.turn === first.turn && event.kind !== "assistant";
}

/** What becomes one step; without deeds it is one event that is no part of a turn. */
interface Scene {
  readonly events: TranscriptItem[];
  deeds: Deeds | undefined;
}

function scenesOf(chapters: readonly (readonly TranscriptItem[])[]): readonly Scene[] {
  const scenes: Scene[] = [];
  for (const events of chapters) {
    const own = events.every(({ event }) => ofTurn.has(event.kind)) ? deedsOf(events) : undefined;
    const last = scenes.at(-1);
    if (own !== undefined && last?.deeds !== undefined && isOnlyReading(last.deeds) && isOnlyReading(own)) {
      last.deeds = together(last.deeds, own);
      last.events.push(...events);
    } else scenes.push({ events: [...events], deeds: own });
  }
  return scenes;
}

function turnStep(events: readonly TranscriptItem[], deeds: Deeds, failing: ReadonlySet<string>): Step {
  const { n, event } = events[0] ?? { n: 0, event: { kind: "unreadable", at: "", turn: 0, text: "" } };
  const { text, tone } = tell(deeds, failing);
  return { n, turn: event.turn, at: event.at, tone, text, said: saidIn(events), events };
}

function failedAfter(failing: ReadonlySet<string>, { checks }: Deeds): ReadonlySet<string> {
  if (checks.length === 0) return failing;
  const failed = new Set(failing);
  for (const { name, isPassed } of checks) {
    if (isPassed) failed.delete(name);
    else failed.add(name);
  }
  return failed;
}

const said = new WeakMap<Event, string | undefined>();

function saidIn(events: readonly TranscriptItem[]): string | undefined {
  const answer = events.findLast(({ event }) => event.kind === "assistant")?.event;
  if (answer?.kind !== "assistant") return undefined;
  if (!said.has(answer)) said.set(answer, wordsOf(answer));
  return said.get(answer);
}

function wordsOf({ content }: Extract<Event, { kind: "assistant" }>): string | undefined {
  const texts = blocksOf(content).flatMap((block) => (block.kind === "text" && block.text.trim() !== "" ? [block.text] : []));
  return texts.length === 0 ? undefined : shortened(oneLine(texts.join(" ")), 240);
}

function single(item: TranscriptItem): readonly Step[] {
  const { n, event } = item;
  const told = sentence(event);
  return told === undefined ? [] : [{ n, turn: event.turn, at: event.at, said: undefined, events: [item], ...told }];
}

type Told = Pick<Step, "text" | "tone">;

const short = (text: string): string => shortened(oneLine(text), 160);

/** What an event that is no part of a turn came to; undefined for what the story leaves out. */
function sentence(event: Event): Told | undefined {
  if (event.kind === "started") return { tone: "neutral", text: beginning(event) };
  if (event.kind === "user") return { tone: "neutral", text: "Was given the task" };
  if (event.kind === "review") return { tone: "busy", text: `Asked ${short(event.model)} for a second opinion` };
  if (event.kind === "verdict") return verdict(event);
  if (event.kind === "retry") return { tone: "mixed", text: `A request came to nothing: ${short(event.cause)}` };
  if (event.kind === "nudge") return { tone: "mixed", text: `Was reminded: ${short(event.text)}` };
  if (event.kind === "ended") return { tone: goodEnds.has(event.reason) ? "good" : "bad", text: `Ended: ${short(event.message)}` };
  return event.kind === "unreadable" ? { tone: "mixed", text: "A line that this version cannot read" } : undefined;
}

function beginning({ model, resumedFrom }: Extract<Event, { kind: "started" }>): string {
  return resumedFrom === undefined ? `Began with ${short(model)}` : "Went on with what an earlier try had changed";
}

function verdict({ approved, reasons }: Extract<Event, { kind: "verdict" }>): Told {
  if (approved) return { tone: "good", text: "The second opinion approved" };
  return { tone: "bad", text: `The second opinion did not approve: ${short(reasons.join(" "))}` };
}

const goodEnds = new Set<string>(["Reported"]);
