import { type Dispatcher, request } from "undici";

/** What the SDK needs of `fetch`, without what a browser needs of it: a millisecond less for each request. Redirects are not followed. */
export function sendThrough(dispatcher: Dispatcher): typeof fetch {
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
    return new Response(streamOf(body), { status: statusCode, headers: headersOf(told) });
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

/** Chunk by chunk, as they come; what is no longer wanted ends the request. */
function streamOf(body: Dispatcher.ResponseData["body"]): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<unknown> = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else if (value instanceof Uint8Array) controller.enqueue(value);
    },
    cancel() {
      body.destroy();
    },
  });
}
