import { z } from "zod";
import { runReasons } from "./result.ts";
import { RunUsage } from "./usage.ts";

/** Version that the first line names. A field or a kind may be added within it; nothing is taken out or changes its meaning. */
export const transcriptVersion = 1;

const said = (description: string) => z.string().meta({ description });
const count = (description: string) => z.int().meta({ description });

const at = {
  at: said("When, ISO 8601 in UTC."),
  turn: count("Number of the request to the model that it belongs to, from 1; 0 before the first."),
};
const durationMs = count("How long it took, milliseconds.");
const content = z.array(z.unknown()).meta({ description: "Message blocks as they went over the API, secrets taken out." });
const standIn = z.boolean().optional().meta({ description: "True where the answers came from the scripted stand-in, not from Claude." });

/**
 * One line of `transcript.jsonl`. The first line is `started` and carries the version of all that follow.
 * Message blocks are stored as the API sent them, with secrets redacted.
 */
export const RunEvent = z.discriminatedUnion("kind", [
  z
    .object({
      kind: z.literal("started"),
      version: z.literal(transcriptVersion).meta({ description: "Version of this line and all that follow." }),
      ...at,
      changeset: said("Name of the Changeset."),
      attempt: count("Attempt, as the user counts."),
      try: count("Try within the attempt, as the operator counts."),
      model: said("Model that is asked."),
      reviewModel: said("Model that gives a second opinion, where one is asked for.").optional(),
      baseCommit: said("Commit that the work begins at; absent when the run ended before the clone was read.").optional(),
      resumedFrom: said("Pod of the earlier try whose changes were taken over.").optional(),
      pullRequest: count("Pull request of ours whose failed checks started the attempt.").optional(),
      standIn,
    })
    .meta({ description: "The run began. Always the first line." }),
  z
    .object({
      kind: z.literal("system"),
      ...at,
      text: said("The system prompt."),
      tools: z.array(z.string()).meta({ description: "Names of the tools offered." }),
    })
    .meta({ description: "What the model is told once, before all else." }),
  z.object({ kind: z.literal("user"), ...at, content }).meta({ description: "The task, as the first message to the model." }),
  z
    .object({
      kind: z.literal("assistant"),
      ...at,
      messageID: said("The API's id of the answer."),
      stopReason: said("Why the answer ended, in the API's word, such as tool_use or end_turn."),
      content,
      usage: RunUsage.meta({ description: "Tokens and cost of this one request; turns is 1." }),
      durationMs,
      standIn,
    })
    .meta({ description: "An answer of the model, written down before anything is done about it." }),
  z
    .object({
      kind: z.literal("review"),
      ...at,
      round: count("1, or 2 when the model has answered a veto."),
      model: said("Model that is asked."),
      text: said("Its system prompt."),
      content,
    })
    .meta({ description: "A second opinion on the reported change was asked for, in a conversation of its own." }),
  z
    .object({
      kind: z.literal("reviewer"),
      ...at,
      messageID: said("The API's id of the answer."),
      stopReason: said("Why the answer ended, in the API's word, such as tool_use or end_turn."),
      content,
      usage: RunUsage.meta({ description: "Tokens and cost of this one request, at the price of its own model; turns is 1." }),
      durationMs,
      standIn,
    })
    .meta({ description: "An answer of the second opinion's model. The run's usage is that of all assistant and reviewer lines." }),
  z
    .object({
      kind: z.literal("verdict"),
      ...at,
      round: count("As in the review that it ends."),
      approved: z.boolean().meta({ description: "Whether the change was approved." }),
      reasons: z.array(z.string()).meta({ description: "Why, as the model was told." }),
      partial: z.boolean().optional().meta({ description: "True where the change was too long to be shown whole." }),
    })
    .meta({ description: "What the second opinion came to." }),
  z
    .object({
      kind: z.literal("tool"),
      ...at,
      toolUseID: said("The id of the call in the answer's content."),
      name: said("The tool, as the model named it."),
      isError: z.boolean().meta({ description: "The model was told that the call failed." }),
      output: said("What the model was told."),
      durationMs,
    })
    .meta({ description: "A call of a tool and its result." }),
  z
    .object({
      kind: z.literal("check"),
      ...at,
      name: said("The check's name in spec.checks."),
      on: z.enum(["base", "change"]).optional().meta({ description: "Whether it ran on the untouched base or on the change." }),
      exitCode: count("Exit code of its command."),
      durationMs,
      output: said("What it wrote, its middle left out where it is long."),
    })
    .meta({ description: "A run of one of the batch's checks." }),
  z
    .object({
      kind: z.literal("retry"),
      ...at,
      cause: said("What became of the request."),
      waitMs: count("Milliseconds until it is sent again, 0 when it is not."),
      assumedNanoUSD: count(
        "Counted as spent because it may have been charged: the most that it could cost, in billionths of a dollar.",
      ).optional(),
    })
    .meta({ description: "A request that came to nothing." }),
  z
    .object({
      kind: z.literal("nudge"),
      ...at,
      cause: said("Repetition, Limit, NoReport, CutOff, NoVerdict or WrittenReport."),
      text: said("What the model was told."),
    })
    .meta({ description: "A sentence that the agent added on its own." }),
  z
    .object({
      kind: z.literal("patch"),
      ...at,
      digest: said("sha256 of base commit, a zero byte and the patch."),
      bytes: count("Length of the patch."),
      filesChanged: count("Files in it."),
    })
    .meta({ description: "The change so far was stored." }),
  z
    .object({
      kind: z.literal("ended"),
      ...at,
      reason: z.enum(runReasons).meta({ description: "Why, in one word; see the list of reasons." }),
      message: said("The same for a person, with the next step."),
    })
    .meta({ description: "The run is over. The last line, unless the pod died before." }),
]);
export type RunEvent = z.infer<typeof RunEvent>;
