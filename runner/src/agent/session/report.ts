import type { ChangeResult } from "@codybatch/crds";
import { z } from "zod";
import type { Patch } from "../../git/index.ts";
import { type Finding, judge, keyOf } from "../gate/index.ts";
import { type Checks, tellWorse, type Verdict } from "../checks/index.ts";
import { type Opinion, type Review, tellVeto } from "../review/index.ts";
import type { Keeper } from "../store/keeper.ts";
import type { Redaction } from "../store/redact.ts";
import { defineTool, type Tool, ToolError, type ToolOutcome } from "../tools/tool.ts";
import type { Workspace } from "../tools/workspace.ts";
import { type Ending, reported } from "./ending.ts";
import { askForReview } from "./self-review.ts";

const schema = z.strictObject({
  wereChangesNecessary: z.boolean().describe("Whether the repository had to be changed, and was."),
  summary: z.string().min(1).max(1024).describe("One or two sentences for the pull request's reader, at most 1024 characters."),
  explanation: z
    .string()
    .min(1)
    .max(4096)
    .describe("What was changed and why, or why nothing had to be; what is left open. At most 4096 characters."),
});
type Said = z.infer<typeof schema>;

/** A report that holds against reality. */
export interface Accepted {
  readonly report: ChangeResult;
  /** What the gate holds against it, after the model was told. */
  readonly findings: readonly Finding[];
  /** What the required checks say; absent where none had to run. */
  readonly verdict?: Verdict;
}

interface ReportParts {
  readonly workspace: Workspace;
  readonly keeper: Keeper;
  readonly allowPaths: readonly string[];
  readonly redaction: Redaction;
  readonly checks?: Checks | undefined;
  /** Has the last word on a change that nothing else keeps back. */
  readonly review?: Review | undefined;
  /** Aborts when the run ends: nothing is accepted then, since a check may have been cut short. */
  readonly ending: AbortSignal;
}

/**
 * The tool that ends a run. The first acceptable report of a change is answered with the diff, for one review by the model itself;
 * a later one too where the gate has found something new.
 */
export class Report {
  readonly tool: Tool;
  readonly #parts: ReportParts;
  readonly #told = new Set<string>();
  /** Trees whose failing checks the model was told. */
  readonly #toldTrees = new Set<string>();
  #reviewed = false;
  #ending: Ending | undefined;

  constructor(parts: ReportParts) {
    this.#parts = parts;
    this.tool = defineTool({
      name: "report_result",
      access: "report",
      description:
        "Ends the work with its result. After the first report of a change you are shown the diff to check it once; then report again.",
      schema,
      run: (said) => this.#hear(said),
    });
  }

  /** Set once the run is over. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  async #hear(said: Said): Promise<ToolOutcome> {
    const patch = await this.#parts.keeper.keepPatch();
    demandTruth(said, patch);
    const findings = await this.#judge(said, patch);
    const verdict = await this.#check(patch, findings);
    const news = findings.filter((finding) => !this.#told.has(keyOf(finding)));
    const worse = verdict?.kind === "checked" && !this.#toldTrees.has(patch.tree) ? verdict.worse : [];
    if (news.length > 0 || worse.length > 0 || (said.wereChangesNecessary && !this.#reviewed)) {
      this.#reviewed = true;
      for (const finding of news) this.#told.add(keyOf(finding));
      this.#toldTrees.add(patch.tree);
      const failures = worse.length > 0 ? `\n\n${tellWorse(worse)}` : "";
      return { text: `${askForReview(patch, findings)}${failures}`, isError: false };
    }
    return this.#decide(this.#acceptedOf(said, patch, { findings, ...(verdict === undefined ? {} : { verdict }) }), patch);
  }

  async #decide(accepted: Accepted, patch: Patch): Promise<ToolOutcome> {
    const { review } = this.#parts;
    const { wereChangesNecessary, summary, explanation, checks = [] } = accepted.report;
    if (review === undefined || !wereChangesNecessary || isKeptBack(accepted)) return this.#end(reported(accepted), overText.accepted);
    return this.#hearOpinion(accepted, await review.judge({ summary, explanation, patch, checks }));
  }

  /** The second opinion decides, and what keeps it from being had ends the run: nothing goes on without it. */
  #hearOpinion(accepted: Accepted, opinion: Opinion): ToolOutcome {
    if (opinion.kind === "veto") return { text: tellVeto(opinion.reasons), isError: false };
    if (opinion.kind === "ended") return this.#end(withReport(opinion.ending, accepted), overText.ended);
    const report = { ...accepted.report, review: opinion.result };
    return this.#end(reported({ ...accepted, report }), opinion.kind === "approved" ? overText.accepted : overText.rejected);
  }

  #end(ending: Ending, text: string): ToolOutcome {
    this.#ending = ending;
    return { text, isError: false };
  }

  #acceptedOf(said: Said, { filesChanged, additions, deletions }: Patch, judged: Omit<Accepted, "report">): Accepted {
    const { checks } = this.#parts;
    const results = checks === undefined ? {} : { checks: checks.results };
    return { report: { ...said, filesChanged, additions, deletions, ...results }, ...judged };
  }

  /** A change that is kept back anyway is not checked. */
  async #check({ filesChanged, tree }: Patch, findings: readonly Finding[]): Promise<Verdict | undefined> {
    const { checks, ending } = this.#parts;
    if (checks === undefined || filesChanged === 0 || findings.length > 0) return undefined;
    const verdict = await checks.judge(tree);
    if (ending.aborted) throw new ToolError("The run is over before the required checks were.");
    return verdict;
  }

  async #judge({ summary, explanation }: Said, patch: Patch): Promise<readonly Finding[]> {
    const { workspace, allowPaths, redaction } = this.#parts;
    const holdsLiteral = (text: string): boolean => redaction.finds(Buffer.from(text));
    const { worktree, tmpDir } = workspace;
    const verdict = await judge({ worktree, tmpDir, patch, allowPaths, said: { summary, explanation }, holdsLiteral });
    redaction.learn(verdict.secrets);
    return verdict.findings;
  }
}

/** Written down at the end; the model does not see it any more. */
const overText = {
  accepted: "The report is accepted. The work is over.",
  rejected: "The second opinion does not approve the change. The work is over.",
  ended: "The second opinion could not be had. The work is over.",
} as const;

/** The report was made and paid for; only a run that goes on elsewhere makes its own. */
function withReport(ending: Ending, accepted: Accepted): Ending {
  return ending.reason === "Interrupted" ? ending : { ...ending, accepted };
}

/** Nobody else needs to judge what is kept back anyway. */
function isKeptBack({ findings, verdict }: Accepted): boolean {
  return findings.length > 0 || verdict?.kind === "unavailable" || (verdict?.worse.length ?? 0) > 0;
}

function demandTruth(said: Said, { filesChanged }: Patch): void {
  if (said.wereChangesNecessary && filesChanged === 0) {
    throw new ToolError(
      "You report that changes were necessary, but nothing is changed. Make the change, or report wereChangesNecessary false.",
    );
  }
  if (!said.wereChangesNecessary && filesChanged > 0) {
    throw new ToolError(
      `You report that no change was necessary, but ${filesChanged} files are changed. Undo them, or report wereChangesNecessary true.`,
    );
  }
}
