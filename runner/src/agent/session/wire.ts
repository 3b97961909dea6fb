import type { BetaJSONOutputFormat } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { addAssumed, addTurn, emptyMeter, type Meter, usageOf, usageOfRequest } from "../money/meter.ts";
import { promptTokens } from "../money/cost.ts";
import type { Keeper } from "../store/keeper.ts";
import type { Transcript } from "../store/transcript.ts";
import { activityOf } from "./activity.ts";
import type { Conversation } from "./conversation.ts";
import { deadlinePassed, type Ending, interrupted } from "./ending.ts";
import { admit, admitAgain, type Go, type Limits, type Standing } from "./limits.ts";
import type { Answer, Api } from "./stream.ts";
import { takeTurn, type TurnOutcome, type TurnParts } from "./turn.ts";

export interface WireParts {
  readonly api: Api;
  readonly firstWaitMs: number;
  /** Aborts when the pod is asked to end. */
  readonly interrupt: AbortSignal;
  /** Aborts then, and when the run's time is over. */
  readonly ending: AbortSignal;
  readonly transcript: Transcript;
  readonly keeper: Keeper;
  readonly now: () => number;
  readonly random: () => number;
}

/** A conversation that has something to send. */
export interface Asking {
  readonly conversation: Conversation;
  /** The run's limits, with the price of this conversation's model. */
  readonly limits: Limits;
  /** What a person sees until the answer is there. */
  readonly waiting: string;
  /** What the answer has to be written as, instead of calling tools. */
  readonly form?: BetaJSONOutputFormat;
  /** Whose answers they are in the transcript. */
  readonly by: "assistant" | "reviewer";
}

export type Asked =
  | { readonly kind: "answer"; readonly answer: Answer; readonly go: Go }
  | { readonly kind: "ended"; readonly ending: Ending };

/** The one way of all requests of a run to the API: through its gates, onto one meter, into one transcript, whichever conversation asks. */
export class Wire {
  readonly #parts: WireParts;
  #meter: Meter = emptyMeter;
  #standIn = false;

  constructor(parts: WireParts) {
    this.#parts = parts;
  }

  get meter(): Meter {
    return this.#meter;
  }

  /** Any answer came from the scripted stand-in. */
  get standIn(): boolean {
    return this.#standIn;
  }

  /** Asks once more in a conversation. What is heard is written down and counted before this settles. */
  async ask(asking: Asking): Promise<Asked> {
    const { interrupt, now, transcript } = this.#parts;
    if (interrupt.aborted) return ended(interrupted);
    const go = admit(asking.limits, this.#standingOf(asking), now());
    if (go.kind === "stop") return ended(go);
    transcript.beginTurn(this.#meter.turns + 1);
    const outcome = await this.#send(asking, go);
    if (outcome.kind === "stop") return ended(outcome);
    if (outcome.kind === "aborted") return ended(interrupt.aborted ? interrupted : deadlinePassed);
    await this.#hear(asking, outcome.answer, outcome.durationMs);
    return { kind: "answer", answer: outcome.answer, go };
  }

  standing({ contextTokens, uncountedBytes }: Conversation): Standing {
    return { meter: this.#meter, contextTokens, newBytes: uncountedBytes };
  }

  /** The form may become part of the prompt. */
  #standingOf({ conversation, form }: Asking): Standing {
    const standing = this.standing(conversation);
    return form === undefined ? standing : { ...standing, newBytes: standing.newBytes + Buffer.byteLength(JSON.stringify(form)) };
  }

  #send(asking: Asking, go: Go): Promise<TurnOutcome> {
    const { api, firstWaitMs, ending, now, random, transcript } = this.#parts;
    const { conversation, limits, waiting, by } = asking;
    const parts: TurnParts = {
      api,
      modelField: by === "reviewer" ? "spec.review.model" : "spec.agent.model",
      firstWaitMs,
      deadline: limits.deadline,
      signal: ending,
      now,
      random,
      record: transcript.add.bind(transcript),
      sending: (sent) => this.#progress(waiting, sent.worstNanoUSD),
      stored: transcript.sync.bind(transcript),
      lost: async (sent, mayBeCharged) => {
        if (mayBeCharged) this.#meter = addAssumed(this.#meter, sent.worstNanoUSD, sent.worstTokens);
        await this.#progress("waits before it asks the model again", 0);
      },
      again: (lost) => admitAgain(limits, this.#standingOf(asking), lost, now()),
    };
    return takeTurn(parts, conversation.request(go.maxOutputTokens, asking.form), go);
  }

  async #hear({ conversation, limits: { price }, by }: Asking, answer: Answer, durationMs: number): Promise<void> {
    this.#meter = addTurn(this.#meter, answer.usage, price);
    this.#standIn ||= answer.standIn;
    conversation.hear(answer.content);
    conversation.counted(promptTokens(answer.usage) + answer.usage.output);
    await this.#parts.transcript.add({
      kind: by,
      messageID: answer.id,
      stopReason: answer.stopReason,
      content: [...answer.content],
      usage: usageOfRequest(answer.usage, price),
      durationMs,
      ...(answer.standIn ? { standIn: true } : {}),
    });
    await this.#progress(activityOf(answer.content), 0);
  }

  async #progress(activity: string, inFlightNanoUSD: number): Promise<void> {
    const turn = this.#meter.turns + (inFlightNanoUSD > 0 ? 1 : 0);
    await this.#parts.keeper.keepProgress({ turn, activity, usage: usageOf(this.#meter), inFlightNanoUSD });
  }
}

function ended(ending: Ending): Asked {
  return { kind: "ended", ending };
}
