import { StreamMessage } from "@codybatch/dashboard-contract";
import { eventually, type Stage } from "./stage.ts";

interface Heard {
  readonly id: string | undefined;
  readonly message: StreamMessage;
}

/** A browser's end of a stream, which checks each message against the contract. */
export class Ear {
  readonly heard: Heard[] = [];
  readonly headers: Headers;
  beats = 0;
  ended = false;
  readonly #abort: AbortController;

  private constructor(response: Response, abort: AbortController) {
    this.headers = response.headers;
    this.#abort = abort;
    void this.#listen(response)
      .catch(() => undefined)
      .finally(() => (this.ended = true));
  }

  static async open(
    stage: Stage,
    topics: string,
    { as = "approver", lastEventID }: { as?: string; lastEventID?: string } = {},
  ): Promise<Ear> {
    const abort = new AbortController();
    const headers = {
      authorization: `Bearer ${as}`,
      "accept-encoding": "gzip",
      ...(lastEventID === undefined ? {} : { "last-event-id": lastEventID }),
    };
    const response = await fetch(`${stage.url}/api/v1/stream?topics=${topics}`, { headers, signal: abort.signal });
    if (response.status !== 200) throw new Error(`the stream was answered ${response.status}: ${await response.text()}`);
    return new Ear(response, abort);
  }

  close(): void {
    this.#abort.abort();
  }

  /** Waits for a message of a kind that fits. */
  until<K extends StreamMessage["kind"]>(kind: K, fits: (message: Extract<StreamMessage, { kind: K }>) => boolean = () => true) {
    type Wanted = Extract<StreamMessage, { kind: K }>;
    return eventually(
      `a message ${kind}`,
      () =>
        this.heard.map(({ message }) => message).find((message): message is Wanted => message.kind === kind && fits(message as Wanted)) ??
        false,
    );
  }

  of(kind: StreamMessage["kind"]): readonly StreamMessage[] {
    return this.heard.map(({ message }) => message).filter((message) => message.kind === kind);
  }

  get lastID(): string | undefined {
    return this.heard.findLast(({ id }) => id !== undefined)?.id;
  }

  async #listen(response: Response): Promise<void> {
    let rest = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block: string): void {
    if (block.startsWith(":")) this.beats += 1;
    const field = (name: string) =>
      block
        .split("\n")
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const content = field("data");
    if (content !== undefined) this.heard.push({ id: field("id"), message: StreamMessage.parse(JSON.parse(content)) });
  }
}
