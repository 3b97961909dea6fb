import type { ReviewResult } from "@codybatch/crds";
import { opinionPrompt } from "../prompt/second-opinion.ts";
import { Conversation } from "../session/conversation.ts";
import type { Ending } from "../session/ending.ts";
import type { Limits } from "../session/limits.ts";
import type { Wire } from "../session/wire.ts";
import type { Transcript } from "../store/transcript.ts";
import { type Proposal, type Shown, showProposal } from "./proposal.ts";
import { giveVerdict, hear, oneLine, type Verdict } from "./verdict.ts";

interface ReviewParts {
  readonly model: string;
  readonly effort: ConstructorParameters<typeof Conversation>[0]["effort"];
  /** The run's limits, with the price of this model. */
  readonly limits: Limits;
  /** Repository, prompt and instructions, as the agent was told. */
  readonly task: string;
  readonly wire: Wire;
  readonly transcript: Transcript;
}

/** What the second opinion comes to. */
export type Opinion =
  | { readonly kind: "approved" | "rejected"; readonly result: ReviewResult }
  /** The model that made the change may answer these once. */
  | { readonly kind: "veto"; readonly reasons: readonly string[] }
  | { readonly kind: "ended"; readonly ending: Ending };

/** A second model that judges a reported change, each time in a conversation of its own: twice at most, since a veto may be answered once. */
export class Review {
  readonly #parts: ReviewParts;
  #vetoed: readonly string[] = [];

  constructor(parts: ReviewParts) {
    this.#parts = parts;
  }

  /** Never approves but by a verdict that says so. */
  async judge(proposal: Proposal): Promise<Opinion> {
    const { model, task } = this.#parts;
    const isLast = this.#vetoed.length > 0;
    const shown = showProposal(task, proposal, this.#vetoed);
    const round = isLast ? 2 : 1;
    const heard = await this.#ask(shown, round);
    if ("reason" in heard) return { kind: "ended", ending: heard };
    const { approved, reasons } = heard;
    await this.#parts.transcript.add({
      kind: "verdict",
      round,
      approved,
      reasons: [...reasons],
      ...(shown.partial ? { partial: true } : {}),
    });
    if (!approved && !isLast) {
      this.#vetoed = reasons;
      return { kind: "veto", reasons };
    }
    const result = { model, approved, reasons: shortened(reasons), ...(shown.partial ? { partial: true } : {}) };
    return { kind: approved ? "approved" : "rejected", result };
  }

  async #ask({ text }: Shown, round: number): Promise<Verdict | Ending> {
    const { model, effort, wire, transcript, limits } = this.#parts;
    const conversation = new Conversation({ model, effort, system: opinionPrompt, tools: [giveVerdict], cached: false });
    const content = [{ type: "text", text }] as const;
    conversation.say(content);
    await transcript.add({ kind: "review", round, model, text: opinionPrompt, content: [...content] });
    let [nudges, pauses] = [0, 0];
    for (;;) {
      const asked = await wire.ask({ conversation, limits, waiting: "waits for the second opinion", by: "reviewer" });
      if (asked.kind === "ended") return this.#named(asked.ending);
      const heard = hear(asked.answer);
      if (heard.kind === "verdict") return heard;
      if (heard.kind === "none") return this.#none(heard.why);
      if (heard.kind === "pause" && (pauses += 1) <= mostPauses) continue;
      if (heard.kind === "pause" || nudges > 0) return this.#none(formless);
      nudges += 1;
      await transcript.add({ kind: "nudge", cause: "NoVerdict", text: JSON.stringify(heard.reply) });
      conversation.say(heard.reply);
    }
  }

  #none(why: string): Ending {
    return {
      reason: "ReviewUnavailable",
      message: `The second opinion by ${this.#parts.model} gave no verdict: ${why}. Choose another spec.review.model or take spec.review out.`,
    };
  }

  /** What ends the run here ends it as in any turn, and says where. */
  #named(ending: Ending): Ending {
    return { ...ending, message: `While ${this.#parts.model} was asked for its second opinion: ${ending.message}` };
  }
}

const mostPauses = 3;
const formless = "it did not answer in the form asked for, also after being asked again";

/** What a Changeset's status takes. */
function shortened(reasons: readonly string[]): string[] {
  return reasons.slice(0, 5).map((reason) => oneLine(reason, 300));
}
