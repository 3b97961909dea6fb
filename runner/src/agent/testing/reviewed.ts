import type { Block, Reply, SeenRequest } from "./api.ts";
import { call, report, use } from "./replies.ts";

/** Whether a request asks for a second opinion. */
export function isReview({ body }: SeenRequest): boolean {
  return body.tools.some(({ name }) => name === "give_verdict");
}

/** Says one script to the agent and another to its reviewer, the last reply of each again and again. */
export function twoVoices(agent: readonly Reply[], reviewer: readonly Reply[]): (index: number, request: SeenRequest) => Reply {
  let [spoken, judged] = [0, 0];
  return (_, request) => {
    const [replies, at] = isReview(request) ? [reviewer, judged++] : [agent, spoken++];
    return replies[Math.min(at, replies.length - 1)]!;
  };
}

export function verdict(approved: boolean, ...reasons: readonly string[]): Block {
  return use("give_verdict", { approved, reasons });
}

export const approval: Reply = { kind: "message", content: [verdict(true, "It does what was asked.")] };

export function veto(...reasons: readonly string[]): Reply {
  return { kind: "message", content: [verdict(false, ...reasons)] };
}

/** Reads and edits; its report is shown the diff once, so the second one is judged. */
export const changed: readonly Reply[] = [
  call("read_file", { path: "package.json" }),
  call("edit_file", { path: "package.json", old_text: '"node": "20"', new_text: '"node": "24"' }),
  report(true),
  report(true),
];
