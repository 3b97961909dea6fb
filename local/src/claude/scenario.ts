import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";

const times = z.union([z.int().min(1), z.literal("always")]).default(1);

/** What goes wrong before a turn's answer arrives. `times` counts per conversation and is forgotten when the stand-in restarts. */
const TurnFault = z.union([
  z.strictObject({
    status: z.int().min(400).max(599),
    retryAfter: z.number().min(0).optional(),
    message: z.string().optional(),
    errorCode: z.string().optional(),
    times,
  }),
  z.strictObject({ midStreamError: z.string(), times }),
  z.strictObject({ stall: z.literal(true), times }),
  z.strictObject({ truncate: z.literal(true), times }),
]);
export type TurnFault = z.infer<typeof TurnFault>;

export const stopReasons = [
  "end_turn",
  "max_tokens",
  "stop_sequence",
  "tool_use",
  "pause_turn",
  "refusal",
  "model_context_window_exceeded",
] as const;

/** One answer of the model. Without `stop` it is tool_use when there are tools, else end_turn. */
const Turn = z.strictObject({
  say: z.string().min(1).optional(),
  thinking: z.string().optional(),
  tools: z.array(z.strictObject({ name: z.string().min(1), input: z.record(z.string(), z.unknown()).default({}) })).default([]),
  stop: z.enum(stopReasons).optional(),
  refusal: z.strictObject({ category: z.string().optional(), explanation: z.string().optional() }).optional(),
  faults: z.array(TurnFault).default([]),
  delayMs: z.int().min(0).max(600_000).default(0),
});
export type Turn = z.infer<typeof Turn>;

/** A scripted conversation; the last turn is repeated for as long as the client goes on asking. */
export const Scenario = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "must be lower case letters, digits and -"),
  description: z.string().optional(),
  when: z
    .strictObject({
      repository: z.string().min(1).optional(),
      promptContains: z.string().min(1).optional(),
    })
    .default({}),
  turns: z.array(Turn).min(1),
  /** Said instead of `turns` when the first message tells of a previous try's patch. */
  resumed: z.array(Turn).min(1).optional(),
  /** What the model of a second opinion says: to its first question, and to the one after a veto was answered; the last is repeated. */
  reviews: z.array(z.array(Turn).min(1)).min(1).max(2).optional(),
});
export type Scenario = z.infer<typeof Scenario>;

/** A scenario file that cannot be used; the message names the file, the field and what it must be. */
export class ScenarioError extends Error {}

/** Reads scenarios from files and folders of `*.yaml`, in the order given, each folder by name. Throws {@link ScenarioError}. */
export function loadScenarios(paths: readonly string[]): readonly Scenario[] {
  const scenarios = paths.flatMap(filesOf).flatMap(readScenarios);
  if (scenarios.length === 0) throw new ScenarioError(`no scenario in ${paths.join(", ")}; give YAML files with name, when and turns`);
  return scenarios;
}

function filesOf(path: string): readonly string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(path, name));
}

function readScenarios(file: string): readonly Scenario[] {
  return parseAllDocuments(readText(file)).map((document) => {
    if (document.errors[0] !== undefined) throw new ScenarioError(`${file}: ${document.errors[0].message}`);
    const parsed = Scenario.safeParse(document.toJS());
    if (parsed.success) return parsed.data;
    throw new ScenarioError(
      `${file}: ${parsed.error.issues.map((issue) => `${issue.path.join(".") || "scenario"}: ${issue.message}`).join("; ")}`,
    );
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new ScenarioError(`cannot read the scenario ${file}`, { cause });
  }
}
