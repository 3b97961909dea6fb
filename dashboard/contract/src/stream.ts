import { z } from "zod";
import { BatchRow } from "./batch/row.ts";
import { At, Count } from "./field.ts";
import { Fault } from "./fault.ts";
import { RepositoryRow } from "./repository/row.ts";

const name = "[a-z0-9][-a-z0-9.]{0,62}";

/**
 * `batches` or `batches:NAMESPACE`: rows of the list. `batch:NAMESPACE/NAME`: one batch and its repositories.
 * `repository:NAMESPACE/CHANGESET`: one repository, and its transcript while it grows.
 */
export const topicForm = new RegExp(`^(batches(:${name})?|batch:${name}/${name}|repository:${name}/${name})$`);
export const mostTopics = 20;

export const StreamQuery = z.strictObject({
  topics: z
    .string()
    .max(4096)
    .transform((list) => list.split(",").filter((topic) => topic !== ""))
    .pipe(
      z
        .array(z.string().regex(topicForm, "must be batches, batch:NAMESPACE/NAME or repository:NAMESPACE/CHANGESET"))
        .min(1)
        .max(mostTopics),
    )
    .meta({ description: "Topics with commas between." }),
  since: z.string().max(64).optional().meta({ description: "Id of the last message that was seen; the header Last-Event-ID goes before." }),
});

const topic = z.string();

/**
 * The data of a message; its `event` field is `kind`, its `id` goes back as Last-Event-ID. A batch's row comes at most once a second.
 * A comment line at least every 15 s says that the connection lives.
 */
export const StreamMessage = z.discriminatedUnion("kind", [
  z
    .object({
      kind: z.literal("snapshot"),
      topic,
      resumed: z.boolean().meta({ description: "true: nothing was missed since `since`; false: read the page again." }),
      visible: Count.optional().meta({ description: "With batches: how many there are for the viewer." }),
      batch: BatchRow.optional(),
      repository: RepositoryRow.optional(),
    })
    .meta({ description: "First, once for each topic." }),
  z.object({ kind: z.literal("batch"), topic, row: BatchRow }).meta({ description: "A batch appeared or changed." }),
  z
    .object({ kind: z.literal("repository"), topic, namespace: z.string(), batchChange: z.string(), row: RepositoryRow })
    .meta({ description: "A repository appeared or changed." }),
  z
    .object({ kind: z.literal("gone"), topic, what: z.enum(["batch", "repository"]), namespace: z.string(), name: z.string() })
    .meta({ description: "It was deleted." }),
  z
    .object({ kind: z.literal("transcript"), topic, events: Count, turn: Count.optional(), activity: z.string().optional() })
    .meta({ description: "The running attempt has so many events; ask for those after the last one you have." }),
  z
    .object({ kind: z.literal("health"), staleSince: At.optional() })
    .meta({ description: "Without staleSince: what is shown is up to date (again)." }),
  z.object({ kind: z.literal("refused"), topic, error: Fault.shape.error }).meta({ description: "Nothing more comes of this topic." }),
  z
    .object({ kind: z.literal("end"), reason: z.enum(["Shutdown", "SessionExpired", "TooSlow"]) })
    .meta({ description: "The server closes the stream. Shutdown and TooSlow: come back. SessionExpired: show the reason page." }),
]);
export type StreamMessage = z.infer<typeof StreamMessage>;
