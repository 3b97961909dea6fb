import { z } from "zod";
import type { Exchange } from "./gate.ts";

const Body = z.object({ messages: z.array(z.object({ role: z.string(), content: z.unknown() })) });

/** Which question of which conversation a request to Claude is. */
export interface Question {
  /** `owner/name`. */
  readonly repository: string;
  /** Counts the turns of one conversation from 0. */
  readonly turn: number;
  /** A conversation that goes on from an earlier try's patch. */
  readonly resumed: boolean;
}

/** Undefined for anything but a question, such as a count of tokens. */
export function questionOf({ path, body }: Exchange): Question | undefined {
  if (path !== "/v1/messages") return undefined;
  const { messages } = Body.parse(JSON.parse(body));
  const first = JSON.stringify(messages[0]?.content ?? "");
  const [, repository = ""] = /Repository: (\S+) \(/.exec(first) ?? [];
  const turn = messages.filter(({ role }) => role === "assistant").length;
  return { repository, turn, resumed: /An? (earlier|previous) try/.test(first) };
}

/** Fits the question of that turn. */
export function isTurn(repository: string, turn: number): (exchange: Exchange) => boolean {
  return (exchange) => {
    const question = questionOf(exchange);
    return question?.repository === repository && question.turn === turn;
  };
}
