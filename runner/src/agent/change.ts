import { durationSeconds, type Price, type RunInput } from "@codybatch/crds";
import { GitError } from "../git/index.ts";
import { readInput } from "../input/input.ts";
import type { Log } from "../log.ts";
import { errorCode } from "../out/index.ts";
import { baselineWarnings, type Checks, nameWorse, openChecks, runCheckTool } from "./checks/index.ts";
import { reasonOf, tellPerson } from "./gate/index.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { emptyMeter, usageOf } from "./money/meter.ts";
import { priceOf } from "./money/prices.ts";
import type { AgentPorts } from "./ports.ts";
import { systemPrompt } from "./prompt/system.ts";
import { firstMessage } from "./prompt/task.ts";
import { resume, type Resumed } from "./resume.ts";
import type { Ending } from "./session/ending.ts";
import type { Limits } from "./session/limits.ts";
import { Report } from "./session/report.ts";
import { Session } from "./session/session.ts";
import { Wire } from "./session/wire.ts";
import type { AgentConfig } from "./settings.ts";
import { type Circumstances, type Outcome, resultOf, settle, type Store } from "./settle.ts";
import { Keeper } from "./store/keeper.ts";
import { makeRedaction } from "./store/redact.ts";
import { writeResult } from "./store/result.ts";
import { started } from "./store/started.ts";
import { Transcript } from "./store/transcript.ts";
import { fileTools } from "./tools/catalogue.ts";
import { openWorkspace, type Workspace } from "./tools/workspace.ts";

/** A run whose input was read. */
interface Run extends Circumstances {
  readonly input: RunInput;
}

/** Works on the change and puts `result.json` in place, whatever happens. */
export async function runToResult(config: AgentConfig, log: Log, ports: AgentPorts): Promise<void> {
  const startedAt = ports.now();
  try {
    const input = await readInput(config.inputDir);
    const run = { config, log, ports, input, startedAt };
    const inputs = await readInputs(config, input);
    const redaction = makeRedaction("apiKey" in inputs ? [inputs.apiKey] : []);
    const transcript = new Transcript(config.outDir, redaction, ports.now);
    const outcome = "apiKey" in inputs ? await work(run, inputs, { redaction, transcript }) : await refuse(run, inputs, transcript);
    await settle(run, outcome, { redaction, transcript });
  } catch (error) {
    log.error({ err: error }, "the run failed");
    const outcome = { ending: internalError(error), usage: usageOf(emptyMeter), warnings: [], standIn: false };
    await writeResult(config.outDir, makeRedaction([]), resultOf(outcome, startedAt, ports.now()));
  }
}

/** Ends before anything is asked of the model. */
async function refuse(run: Run, ending: Ending, transcript: Transcript): Promise<Outcome> {
  await transcript.add(started(run.input, undefined, undefined));
  return { ending, usage: usageOf(emptyMeter), warnings: [], standIn: false };
}

async function work(run: Run, inputs: Inputs, { redaction, transcript }: Store): Promise<Outcome> {
  const { config, input, ports } = run;
  const price = priceOf(input.agent.model, new Date(ports.now()), input.prices);
  if (price === undefined) return refuse(run, priceUnknown(input.agent.model), transcript);
  const workspace = await openWorkspace(inputs.worktree, config);
  const keeper = new Keeper({ outDir: config.outDir, workspace, transcript, redaction, now: ports.now });
  const resumed = await resume(input, config.resumeDir, inputs.worktree, config.tmpDir);
  await transcript.add(started(input, inputs.worktree.baseCommit, resumed.fromPod));
  const ended = endOf(run);
  const record = transcript.add.bind(transcript);
  const checks = openChecks({ config, input, worktree: inputs.worktree, ending: ended, now: ports.now, record });
  const wire = makeWire(run, inputs, { keeper, transcript, ended });
  const session = makeSession(run, inputs, { price, workspace, keeper, transcript, redaction, resumed, checks, ended, wire });
  const ending = await runSession(run, session, keeper);
  const warnings = [...(resumed.warning === undefined ? [] : [resumed.warning]), ...baselineWarnings(checks)];
  return { ending, usage: usageOf(wire.meter), patch: keeper.patch, warnings, standIn: wire.standIn };
}

/** Aborts when the pod is asked to end, or the run's time is over. */
function endOf({ input, ports, startedAt }: Run): AbortSignal {
  const left = Math.max(0, deadlineOf(input, startedAt) - ports.now());
  return AbortSignal.any([ports.interrupt, AbortSignal.timeout(left)]);
}

function deadlineOf({ agent }: RunInput, startedAt: number): number {
  return startedAt + durationSeconds(agent.timeout) * 1000;
}

interface Parts {
  readonly price: Price;
  readonly workspace: Workspace;
  readonly keeper: Keeper;
  readonly transcript: Transcript;
  readonly redaction: Store["redaction"];
  readonly resumed: Resumed;
  readonly checks: Checks | undefined;
  readonly ended: AbortSignal;
  readonly wire: Wire;
}

function makeWire({ config, ports }: Run, { apiKey }: Inputs, parts: Pick<Parts, "keeper" | "transcript" | "ended">): Wire {
  return new Wire({
    endpoint: { apiKey, baseURL: config.anthropicBaseURL, idleMs: config.idleSeconds * 1000 },
    firstWaitMs: config.retrySeconds * 1000,
    interrupt: ports.interrupt,
    ending: parts.ended,
    transcript: parts.transcript,
    keeper: parts.keeper,
    now: ports.now,
    random: ports.random,
  });
}

function makeSession(run: Run, inputs: Inputs, parts: Parts): Session {
  const { price, workspace, keeper, transcript, redaction, resumed, checks, ended, wire } = parts;
  const { input, ports, startedAt } = run;
  const { model, effort } = input.agent;
  return new Session({
    model,
    effort,
    system: systemPrompt(input.allowPaths, checks !== undefined),
    firstMessage: [firstMessage(input, inputs.prompt, resumed.note), workspace.guidance].filter((part) => part !== undefined).join("\n\n"),
    tools: [...fileTools(workspace), ...(checks === undefined ? [] : [runCheckTool(workspace, checks)])],
    report: new Report({ workspace, keeper, allowPaths: input.allowPaths, redaction, checks, ending: ended }),
    limits: limitsOf(input, price, startedAt),
    startedAt,
    wire,
    transcript,
    keeper,
    log: run.log,
    now: ports.now,
  });
}

/** Long answers cost most where thinking is long. */
const outputTokens = { low: 16_000, medium: 16_000, high: 24_000, xhigh: 32_000, max: 32_000 } as const;

/** Above this many tokens a conversation is dear and its quality falls; a price tier below it, as Haiku's, is kept to. */
const mostContextTokens = 180_000;

function limitsOf(input: RunInput, price: Price, startedAt: number): Limits {
  const { agent } = input;
  return {
    maxTurns: agent.maxTurns,
    maxTokens: agent.maxTokens,
    maxCostNanoUSD: agent.maxCostNanoUSD,
    deadline: deadlineOf(input, startedAt),
    maxOutputTokens: outputTokens[agent.effort],
    maxContextTokens: Math.min(mostContextTokens, price.tiers[0]?.maxPromptTokens ?? mostContextTokens),
    price,
  };
}

/** Whatever ends the session, the work done so far is kept. */
async function runSession(run: Run, session: Session, keeper: Keeper): Promise<Ending> {
  const ending = await session.run().catch((error: unknown) => {
    run.log.error({ err: error }, "the session failed");
    return internalError(error);
  });
  await keeper.keepPatch().catch((error: unknown) => run.log.error({ err: error }, "the last patch could not be made"));
  return gated(ending, keeper);
}

/** What the gate says about a reported change outranks the report. */
function gated(ending: Ending, keeper: Keeper): Ending {
  if (keeper.heldSecret)
    return { ...ending, reason: "SecretFound", message: "The change holds the literal Claude key of this run; it was not stored." };
  const findings = ending.accepted?.findings ?? [];
  const reason = reasonOf(findings);
  return reason === undefined ? checked(ending) : { ...ending, reason, message: tellPerson(findings) };
}

/** A reported change that the required checks keep back. */
function checked(ending: Ending): Ending {
  const verdict = ending.accepted?.verdict;
  if (verdict?.kind === "unavailable")
    return { ...ending, reason: "ToolboxUnavailable", message: `The required checks could not run. ${verdict.why}` };
  if (verdict === undefined || verdict.worse.length === 0) return ending;
  return { ...ending, reason: "CheckFailed", message: nameWorse(verdict.worse) };
}

function priceUnknown(model: string): Ending {
  const message = `No price is known for the model ${model}, so its cost could not be held to spec.agent.maxCostUSD. Choose a model with a known price, or have the administrator add its price to limits.prices.`;
  return { reason: "PriceUnknown", message };
}

/** Words of an unexpected error may hold anything; its kind is enough for a person, the log has the rest. */
function internalError(error: unknown): Ending {
  if (error instanceof GitError && error.fault === "output") {
    return { reason: "PatchTooLarge", message: "The change is too large to be made into a patch. Narrow the prompt and run again." };
  }
  const kind = errorCode(error) ?? (error instanceof Error ? error.name : "unknown");
  return { reason: "InternalError", message: `The agent failed (${kind}). Its log has the details. Run again.` };
}
