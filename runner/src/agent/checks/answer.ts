import { z } from "zod";

const Digits = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number);

/** How one run of a check ended, as the toolbox says it. `restore`: the files could not be laid; `unknown`: it has no such check. */
const Answer = z.object({
  id: z.string(),
  boot: z.string(),
  check: z.string(),
  ended: z.enum(["exit", "time", "output", "setup", "restore", "unknown"]),
  code: Digits,
  seconds: Digits,
});
export type Answer = z.infer<typeof Answer>;

/** Reads the lines of `result`; undefined when they are not what the toolbox writes. */
export function readAnswer(bytes: Uint8Array): Answer | undefined {
  return Answer.safeParse(wordsOf(bytes)).data;
}

export type Boot =
  | { readonly kind: "ready"; readonly id: string }
  /** Programs that the image does not have. */
  | { readonly kind: "lacks"; readonly programs: string };

/** Reads `boot`; undefined when it is not what the toolbox writes. */
export function readBoot(bytes: Uint8Array): Boot | undefined {
  const { boot: id, lacks: programs, ready } = wordsOf(bytes);
  if (id === undefined || !/^[0-9a-f-]{1,64}$/.test(id)) return undefined;
  if (programs !== undefined && /^[a-z ]{1,200}$/.test(programs)) return { kind: "lacks", programs };
  return ready === undefined ? undefined : { kind: "ready", id };
}

/** `<word> <rest>` of each line. */
function wordsOf(bytes: Uint8Array): Readonly<Partial<Record<string, string>>> {
  const lines = Buffer.from(bytes).toString("utf8").split("\n");
  return Object.fromEntries(lines.map((line) => [line.split(" ", 1)[0] ?? "", line.slice(line.indexOf(" ") + 1)]));
}
