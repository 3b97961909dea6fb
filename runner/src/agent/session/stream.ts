import Anthropic from "@anthropic-ai/sdk";
import type { BetaContentBlockParam, BetaMessage, MessageCreateParamsBase } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { z } from "zod";
import type { Network } from "../../clone/config.ts";
import { connections } from "../../clone/network.ts";
import type { RequestUsage } from "../money/cost.ts";
import { sendThrough } from "./send.ts";

/** Where and how the API is spoken to. */
export interface Endpoint {
  readonly apiKey: string;
  readonly baseURL: string | undefined;
  /** Milliseconds without a byte before a request counts as dead. */
  readonly idleMs: number;
  readonly network: Network;
}

/** One complete answer. */
export interface Answer {
  readonly id: string;
  readonly content: readonly BetaContentBlockParam[];
  readonly stopReason: string;
  readonly refusal: string | undefined;
  readonly usage: RequestUsage;
  /** The answer came from the scripted stand-in. */
  readonly standIn: boolean;
}

/** The stream was silent for longer than allowed, pings included. */
export class IdleError extends Error {}

const defaultBaseURL = "https://api.anthropic.com";

/** The stream closed in good order before the answer's stop reason and its last count of tokens. */
export class UnfinishedError extends Error {}

/** The SDK's own types for what comes and what goes do not agree; what goes back is exactly what came. */
const Content = z.array(z.custom<BetaContentBlockParam>((block) => typeof block === "object" && block !== null && "type" in block));

/** Claude's API, over connections that are used again. */
export class Api {
  readonly #client: Anthropic;
  readonly #idleMs: number;
  /** Of the request under way: there is one at a time. */
  #watch: Watch | undefined;
  #standIn = false;

  constructor({ apiKey, baseURL, idleMs, network }: Endpoint) {
    const send = sendThrough(connections(network), () => this.#watch?.restart());
    this.#idleMs = idleMs;
    this.#client = new Anthropic({
      apiKey,
      baseURL: baseURL ?? defaultBaseURL,
      maxRetries: 0,
      logLevel: "off",
      // Spans that nobody collects would cost every request a third of a millisecond, and the environment could have them carry the conversation.
      openTelemetry: false,
      fetch: async (input, init) => this.#noted(await send(input, init)),
    });
  }

  /** Sends one request and gives its whole answer, or rejects: with the SDK's errors, {@link IdleError}, {@link UnfinishedError}, or the signal's reason. */
  async ask(request: MessageCreateParamsBase, signal: AbortSignal): Promise<Answer> {
    const watch = new Watch(this.#idleMs);
    this.#watch = watch;
    this.#standIn = false;
    try {
      const both = AbortSignal.any([signal, watch.signal]);
      const message = await this.#client.beta.messages.stream(request, { signal: both }).finalMessage();
      return answerOf(message, this.#standIn);
    } catch (error) {
      if (watch.signal.aborted) throw new IdleError(`no byte for ${this.#idleMs} ms`, { cause: error });
      signal.throwIfAborted();
      throw error;
    } finally {
      watch.stop();
      this.#watch = undefined;
    }
  }

  #noted(response: Response): Response {
    this.#standIn = response.headers.has("x-codybatch-stand-in");
    return response;
  }
}

/** Aborts when no byte has come for a while; the SDK's own timeout ends with the headers, and it swallows pings. */
class Watch {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(idleMs: number) {
    this.#timer = setTimeout(() => this.#controller.abort(), idleMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function answerOf(message: BetaMessage, standIn: boolean): Answer {
  const { usage } = message;
  if (message.stop_reason === null) throw new UnfinishedError("the answer ended without a stop reason");
  const written = usage.cache_creation_input_tokens ?? 0;
  const hour = Math.min(written, usage.cache_creation?.ephemeral_1h_input_tokens ?? 0);
  return {
    id: message.id,
    // Tool inputs are lazily parsed properties of the SDK; this makes plain data of them, once.
    content: Content.parse(JSON.parse(JSON.stringify(message.content))),
    stopReason: message.stop_reason,
    refusal: message.stop_details?.type === "refusal" ? refusalOf(message.stop_details) : undefined,
    usage: {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.cache_read_input_tokens ?? 0,
      cacheWrite5m: written - hour,
      cacheWrite1h: hour,
      ...(usage.inference_geo === "us" ? { usOnly: true } : {}),
    },
    standIn,
  };
}

function refusalOf(details: { readonly category?: string | null; readonly explanation?: string | null }): string {
  return [details.category, details.explanation].filter((part) => part !== null && part !== undefined).join(": ");
}
