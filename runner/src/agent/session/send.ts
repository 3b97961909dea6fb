import { type Dispatcher, request } from "undici";

/**
 * What the SDK needs of `fetch`, without what a browser needs of it: a millisecond less for each request. Redirects are not followed. `heard` is
 * called at each sign of life: the answer's head, and every chunk.
 */
export function sendThrough(dispatcher: Dispatcher, heard: () => void): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const {
      statusCode,
      headers: told,
      body,
    } = await request(input instanceof Request ? input.url : input, {
      dispatcher,
      method: init?.method === "POST" ? "POST" : "GET",
      headers: Object.fromEntries(headers.entries()),
      body: typeof init?.body === "string" ? init.body : null,
      signal: init?.signal ?? null,
    }).catch(wrap);
    heard();
    return new Response(streamOf(body, heard), { status: statusCode, headers: headersOf(told) });
  };
}

/** As `fetch` does: a proxy that refuses ends its own request, which the SDK would take for an end that was asked for. */
function wrap(cause: unknown): never {
  throw new TypeError("the request could not be sent", { cause });
}

function headersOf(told: Dispatcher.ResponseData["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value = ""] of Object.entries(told)) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  return headers;
}

/** Bytes that may lie unread before no more are taken from the connection. */
const mostUnread = 64 * 1024;

/** Chunk by chunk, as they come; what is no longer wanted ends the request. */
function streamOf(body: Dispatcher.ResponseData["body"], heard: () => void): ReadableStream<Uint8Array> {
  // A body that is destroyed may still give what it had taken already.
  let wanted = true;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        body.on("data", (chunk: Uint8Array) => {
          if (!wanted) return;
          heard();
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) body.pause();
        });
        body.once("end", () => wanted && controller.close());
        body.once("error", (error) => controller.error(error));
      },
      pull() {
        body.resume();
      },
      cancel() {
        wanted = false;
        body.destroy();
      },
    },
    { highWaterMark: mostUnread, size: (chunk) => chunk.length },
  );
}
