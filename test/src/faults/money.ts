import { costOf, priceOf } from "@codybatch/runner";
import { z } from "zod";
import type { Exchange } from "../local-mode/index.ts";
import { questionOf } from "../local-mode/index.ts";

const Usage = z.object({
  input_tokens: z.int(),
  output_tokens: z.int(),
  cache_read_input_tokens: z.int(),
  cache_creation: z.object({ ephemeral_5m_input_tokens: z.int(), ephemeral_1h_input_tokens: z.int() }),
});
const Start = z.object({ type: z.literal("message_start"), message: z.object({ model: z.string(), usage: Usage }) });
const Delta = z.object({ type: z.literal("message_delta"), usage: z.object({ output_tokens: z.int() }) });

/** Nano-dollars that a bill would show for all that was answered to questions about the repository, whether the answer arrived or not. */
export function billedFor(repository: string, exchanges: readonly Exchange[]): number {
  const own = exchanges.filter((exchange) => questionOf(exchange)?.repository === repository && exchange.status === 200);
  return own.reduce((sum, { answer }) => sum + costOfAnswer(answer), 0);
}

function costOfAnswer(answer: string): number {
  // An answer that broke off may end in the middle of a line.
  const events = answer
    .slice(0, answer.lastIndexOf("\n") + 1)
    .split("\n")
    .flatMap((line) => (line.startsWith("data: ") ? [JSON.parse(line.slice(6)) as unknown] : []));
  const [start] = events.flatMap((event) => Start.safeParse(event).data ?? []);
  if (start === undefined) return 0;
  const { model, usage } = start.message;
  const output = events.flatMap((event) => Delta.safeParse(event).data ?? []).at(-1)?.usage.output_tokens ?? usage.output_tokens;
  return costOf(priceOf(model, new Date())!, {
    input: usage.input_tokens,
    output,
    cacheRead: usage.cache_read_input_tokens,
    cacheWrite5m: usage.cache_creation.ephemeral_5m_input_tokens,
    cacheWrite1h: usage.cache_creation.ephemeral_1h_input_tokens,
  });
}
