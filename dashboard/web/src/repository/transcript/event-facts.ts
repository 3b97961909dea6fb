import type { ShownEvent } from "@codybatch/dashboard-contract";
import { dollars, roughly } from "../../money/format.ts";
import { oneLine, shortened } from "../../text/visible.ts";
import { duration } from "../../time/format.ts";

export interface Fact {
  readonly name: string;
  readonly value: string;
}

interface Title {
  readonly text: string;
  readonly isBad: boolean;
}

const short = (text: string): string => shortened(oneLine(text), 80);

const titles = {
  started: "Run began",
  system: "System prompt",
  user: "Task",
  assistant: "Claude",
  reviewer: "Second opinion",
  patch: "Change stored",
} as const;

/** What kind of event it is, and whether something went wrong. */
export function titleOf(event: ShownEvent): Title {
  if (event.kind === "tool") return { text: `${short(event.name)}${event.isError ? " failed" : ""}`, isBad: event.isError };
  if (event.kind === "check") {
    return { text: `Check ${short(event.name)} ${event.exitCode === 0 ? "passed" : "failed"}`, isBad: event.exitCode !== 0 };
  }
  if (event.kind === "review") return { text: `Second opinion asked of ${short(event.model)}`, isBad: false };
  if (event.kind === "verdict") return { text: event.approved ? "Approved" : "Not approved", isBad: !event.approved };
  if (event.kind === "nudge") return { text: `Reminder: ${short(event.cause)}`, isBad: false };
  if (event.kind === "ended") return { text: `Run ended: ${short(event.reason)}`, isBad: false };
  return plainTitle(event.kind);
}

function plainTitle(kind: keyof typeof titles | "retry" | "unreadable"): Title {
  if (kind === "retry") return { text: "Request came to nothing", isBad: true };
  if (kind === "unreadable") return { text: "A line that this version cannot read", isBad: true };
  return { text: titles[kind], isBad: false };
}

/** Turn, latency, tokens and cost, as far as the event has them. */
export function factsOf(event: ShownEvent): readonly Fact[] {
  const facts: Fact[] = event.turn === 0 ? [] : [{ name: "turn", value: String(event.turn) }];
  if ("durationMs" in event) facts.push({ name: "took", value: duration(event.durationMs / 1000) });
  if ("stopReason" in event) facts.push({ name: "stopped by", value: short(event.stopReason) });
  if ("usage" in event && event.usage !== undefined) facts.push(...usageFacts(event.usage));
  facts.push(...ownFacts(event));
  if ("messageID" in event) facts.push({ name: "id", value: short(event.messageID) });
  if ("standIn" in event && event.standIn === true) facts.push({ name: "from the", value: "scripted stand-in" });
  return facts;
}

function ownFacts(event: ShownEvent): readonly Fact[] {
  if (event.kind === "retry") return [{ name: "waits", value: duration(event.waitMs / 1000) }];
  if (event.kind === "check") {
    return [
      { name: "exit code", value: String(event.exitCode) },
      { name: "on", value: event.on ?? "change" },
    ];
  }
  if (event.kind !== "patch") return [];
  return [
    { name: "files", value: String(event.filesChanged) },
    { name: "bytes", value: String(event.bytes) },
  ];
}

interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly costNanoUSD?: number | undefined;
}

function usageFacts({ input, output, cacheRead, cacheWrite, costNanoUSD }: Usage): readonly Fact[] {
  return [
    { name: "in", value: `${roughly(input)} + ${roughly(cacheWrite)} written + ${roughly(cacheRead)} read` },
    { name: "out", value: roughly(output) },
    { name: "cost", value: dollars(costNanoUSD === undefined ? undefined : String(costNanoUSD / 1e9)) },
  ];
}
