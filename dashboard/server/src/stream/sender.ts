import type { StreamMessage } from "@codybatch/dashboard-contract";
import type { Response } from "express";

/** A browser that takes nothing for so long is cut off: unsent bytes would fill the server. */
const mostUnsent = 1024 * 1024;

/** Writes messages of one stream. */
export class Sender {
  readonly #response: Response;

  constructor(response: Response) {
    this.#response = response;
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      connection: "keep-alive",
    });
    // Something at once, so that no proxy waits for a first byte; and how soon to come back.
    response.write("retry: 2000\n\n");
  }

  get isSlow(): boolean {
    return this.#response.writableLength > mostUnsent;
  }

  /** JSON has no line breaks of its own, so nothing in a text can end the message. */
  send(message: StreamMessage, id?: string): void {
    const mark = id === undefined ? "" : `id: ${id}\n`;
    this.#response.write(`${mark}event: ${message.kind}\ndata: ${JSON.stringify(message)}\n\n`);
  }

  beat(): void {
    this.#response.write(": still here\n\n");
  }

  end(): void {
    this.#response.end();
  }
}
