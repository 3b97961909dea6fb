import type { RunInput } from "@codybatch/crds";
import { GitError, Patcher } from "../git/index.ts";
import { readInput } from "../input/input.ts";
import type { Log } from "../log.ts";
import { errorCode } from "../out/index.ts";
import { baselineWarnings, type Checks, openChecks, runCheckTool } from "./checks/index.ts";
import { deadlineOf, limitsOf, type Prices, pricesOf } from "./allowance.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { emptyMeter, usageOf } from "./money/meter.ts";
import type { AgentPorts } from "./ports.ts";
import { failedChecks, publishedBefore } from "./prompt/failed-checks.ts";
import { systemPrompt } from "./prompt/system.ts";
import { firstMessage } from "./prompt/task.ts";
import { resume, type Resumed } from "./resume.ts";
import { judged } from "./judged.ts";
import type { Ending } from "./session/ending.ts";
import { partialWarnings, Review } from "./review/index.ts";
import { Report } from "./session/report.ts";
import { Session } from "./session/session.ts";
import { Api } from "./session/stream.ts";
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
    await using transcript = new Transcript(config.outDir, redaction, ports.now);
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
  const prices = pricesOf(input, new Date(ports.now()));
  if ("reason" in prices) return refuse(run, prices, transcript);
  const workspace = await openWorkspace(inputs.worktree, config);
  using patcher = new Patcher(workspace);
  await using keeper = new Keeper({ outDir: config.outDir, workspace, patcher, transcript, redaction, now: ports.now });
  const resumed = await resume(input, config.resumeDir, inputs.worktree, config.tmpDir);
  await transcript.add(started(input, inputs.worktree.baseCommit, resumed.fromPod));
  const ended = endOf(run);
  const record = transcript.add.bind(transcript);
  const checks = openChecks({ config, input, worktree: inputs.worktree, ending: ended, now: ports.now, record });
  const wire = makeWire(run, inputs, { keeper, transcript, ended });
  const session = makeSession(run, inputs, { prices, workspace, keeper, transcript, redaction, resumed, checks, ended, wire });
  const ending = await runSession(run, session, keeper);
  const unread = inputs.failedChecks?.warnings ?? [];
  const warnings = [...unread, ...baselineWarnings(checks), ...partialWarnings(ending.accepted?.report.review)];
  return {
    ending,
    usage: usageOf(wire.meter),
    patch: keeper.patch,
    warnings: [...(resumed.warning === undefined ? [] : [resumed.warning]), ...warnings],
    standIn: wire.standIn,
  };
}

/** Aborts when the pod is asked to end, or the run's time is over. */
function endOf({ input, ports, startedAt }: Run): AbortSignal {
  const left = Math.max(0, deadlineOf(input, startedAt) - ports.now());
  return AbortSignal.any([ports.interrupt, AbortSignal.timeout(left)]);
}

interface Parts {
  readonly prices: Prices;
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
    api: new Api({ apiKey, baseURL: config.anthropicBaseURL, idleMs: config.idleSeconds * 1000, network: config.network }),
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
  const { prices, workspace, keeper, transcript, redaction, resumed, checks, ended, wire } = parts;
  const { input, ports, startedAt } = run;
  const { model, effort } = input.agent;
  return new Session({
    model,
    effort,
    system: systemPrompt(input.allowPaths, checks !== undefined),
    firstMessage: [firstMessage(inputs.input, inputs.prompt, resumed.note), failedPart(inputs), workspace.guidance]
      .filter((part) => part !== undefined)
      .join("\n\n"),
    tools: [...fileTools(workspace), ...(checks === undefined ? [] : [runCheckTool(workspace, checks)])],
    report: new Report({
      workspace,
      keeper,
      allowPaths: input.allowPaths,
      redaction,
      checks,
      review: reviewOf(run, inputs, parts),
      ending: ended,
    }),
    limits: limitsOf(input, prices.agent, startedAt),
    startedAt,
    wire,
    transcript,
    keeper,
    log: run.log,
    now: ports.now,
  });
}

function failedPart({ failedChecks: failed }: Inputs): string | undefined {
  return failed && failedChecks(failed.text);
}

function reviewOf({ input, startedAt }: Run, { input: told, prompt }: Inputs, { prices, wire, transcript }: Parts): Review | undefined {
  if (input.review === undefined || prices.review === undefined) return undefined;
  return new Review({
    model: input.review.model,
    effort: input.agent.effort,
    limits: limitsOf(input, prices.review, startedAt),
    task: firstMessage(told, prompt, input.ciFailure && publishedBefore(input.ciFailure.pullRequest)),
    wire,
    transcript,
  });
}

/** Whatever ends the session, the work done so far is kept. */
async function runSession(run: Run, session: Session, keeper: Keeper): Promise<Ending> {
  const ending = await session.run().catch((error: unknown) => {
    run.log.error({ err: error }, "the session failed");
    return internalError(error);
  });
  await keeper.keepPatch().catch((error: unknown) => run.log.error({ err: error }, "the last patch could not be made"));
  return judged(ending, keeper);
}

/** Words of an unexpected error may hold anything; its kind is enough for a person, the log has the rest. */
function internalError(error: unknown): Ending {
  if (error instanceof GitError && error.fault === "output") {
    return { reason: "PatchTooLarge", message: "The change is too large to be made into a patch. Narrow the prompt and run again." };
  }
  const kind = errorCode(error) ?? (error instanceof Error ? error.name : "unknown");
  return { reason: "InternalError", message: `The agent failed (${kind}). Its log has the details. Run again.` };
}
