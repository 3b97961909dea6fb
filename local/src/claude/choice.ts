import { Fault } from "./fault.ts";
import { textOf } from "./request.ts";
import type { Prompt } from "./request.ts";
import type { Scenario, Turn } from "./scenario.ts";

/** What the first user message says about the work. */
export interface Opening {
  /** `owner/name`, or empty. */
  readonly repository: string;
  readonly branch: string;
  readonly text: string;
  /** True when a previous try's patch was applied before this conversation began. */
  readonly resumed: boolean;
  /** The verdict that is asked for, counted from 0; undefined: the conversation is the agent's. */
  readonly review: number | undefined;
}

export function openingOf(prompt: Prompt): Opening {
  const first = prompt.messages[0];
  const text = first === undefined ? "" : textOf(first);
  const [, repository = "", branch = ""] = /^Repository: (\S+) \(([^)]*)\)/m.exec(text) ?? [];
  return {
    repository,
    branch,
    text,
    resumed: /^An? (earlier|previous) try\b.*\b(already|applied)\b/im.test(text),
    review: reviewOf(prompt, text),
  };
}

/** A model whose only tool is give_verdict judges another's work. */
function reviewOf({ tools }: Prompt, text: string): number | undefined {
  if (tools?.length !== 1 || tools[0]?.name !== "give_verdict") return undefined;
  return /^<data name="earlier_reasons" key="\w+">$/m.test(text) ? 1 : 0;
}

/** The first scenario that fits; throws a 400 that names the known ones. */
export function chooseScenario(scenarios: readonly Scenario[], opening: Opening): Scenario {
  const chosen = scenarios.find((scenario) => fits(scenario, opening));
  if (chosen !== undefined) return chosen;
  throw new Fault(
    400,
    `no scripted answer for repository "${opening.repository}"; known scenarios: ${scenarios.map(({ name }) => name).join(", ")}. Give one whose \`when\` fits.`,
  );
}

function fits({ when }: Scenario, opening: Opening): boolean {
  const repository = when.repository === undefined || globMatches(when.repository, opening.repository);
  return repository && (when.promptContains === undefined || opening.text.includes(when.promptContains));
}

/** `*` matches any text, case does not count. */
function globMatches(glob: string, text: string): boolean {
  const pattern = glob
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${pattern}$`, "i").test(text);
}

/** Where a conversation stands: read from the request alone, so that a restart changes nothing. */
export function turnIndex(prompt: Prompt): number {
  return prompt.messages.filter((message) => message.role === "assistant").length;
}

function turnsOf({ name, turns, resumed, reviews }: Scenario, opening: Opening): readonly Turn[] {
  if (opening.review === undefined) return opening.resumed ? (resumed ?? turns) : turns;
  const verdicts = reviews?.[opening.review] ?? reviews?.at(-1);
  if (verdicts !== undefined) return verdicts;
  throw new Fault(
    400,
    `scenario ${name} has no reviews, so nobody gives a second opinion here: write what give_verdict says under \`reviews\``,
  );
}

/** The turn to say, by its index; the last is repeated. A message list that ends with an unpaused answer is refused. */
export function chooseTurn(scenario: Scenario, opening: Opening, prompt: Prompt): Turn {
  const turns = turnsOf(scenario, opening);
  const index = turnIndex(prompt);
  const turn = (at: number): Turn | undefined => turns[Math.min(at, turns.length - 1)];
  if (prompt.messages.at(-1)?.role === "assistant" && turn(index - 1)?.stop !== "pause_turn") {
    throw new Fault(400, "messages: the last message must be from the user; this model does not support assistant message prefill");
  }
  const chosen = turn(index);
  if (chosen === undefined) throw new Fault(500, `scenario ${scenario.name} has no turns`);
  return chosen;
}
