import { z } from "zod";

const Line = z.object({
  type: z.string(),
  object: z.looseObject({ metadata: z.looseObject({ name: z.string().default(""), uid: z.string().default("") }) }),
});
export type Line = z.infer<typeof Line>;

/** Tells every change of a collection from the beginning, until the server ends or the signal aborts. */
export async function follow(url: URL, signal: AbortSignal, tell: (line: Line) => void): Promise<void> {
  url.searchParams.set("watch", "true");
  url.searchParams.set("resourceVersion", "0");
  url.searchParams.set("fieldManager", bystander);
  let rest = "";
  try {
    const answer = await fetch(url, { signal });
    for await (const text of answer.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) tell(Line.parse(JSON.parse(line)));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Marks requests that are not the operator's, so that no fault strikes them. */
export const bystander = "bystander";
