import { z } from "zod";
import { Agent } from "../kinds/agent.ts";
import { Check } from "../kinds/check.ts";
import { Review } from "../kinds/review.ts";
import { Price } from "./price.ts";
import { RunStorage } from "./storage.ts";

const CommitSHA = z.string().regex(/^[0-9a-f]{40,64}$/);

/** Our pull request whose checks failed, as it was seen then. */
const CIFailure = z.object({
  pullRequest: z.int().min(1),
  url: z.url({ protocol: /^https?$/ }),
  /** The commit whose checks are read; one that we published, since nobody else may have committed. */
  headSHA: CommitSHA,
});

/** What is particular to one run; a pod annotation that the containers read as the file `input.json`. The prompt is a file of its own. */
export const RunInput = z.object({
  version: z.literal(1),
  namespace: z.string(),
  batchChange: z.string(),
  changeset: z.object({ name: z.string(), uid: z.string() }),
  repository: z.object({ url: z.string(), name: z.string(), branch: z.string(), instructions: z.string().optional() }),
  attempt: z.int(),
  try: z.int(),
  agent: Agent.extend({ maxCostNanoUSD: z.int().min(0) }),
  /** Who gives a second opinion on the change; absent: nobody. */
  review: Review.optional(),
  checks: z.array(Check).default([]),
  /** Command of the toolbox that runs before the first check. */
  setup: z.array(z.string()).optional(),
  /** The administrator's prices, which hold before the runner's own. */
  prices: z.array(Price).optional(),
  allowPaths: z.array(z.string()).default([]),
  /** Set on a try after an infrastructure fault: the stored patch to go on from, which lies in CODYBATCH_RESUME_DIR/change.patch.gz. */
  resume: z.object({ digest: z.string(), baseCommit: z.string(), fromPod: z.string() }).optional(),
  /**
   * Set on an attempt that failed checks of our pull request started. `resume` is then the patch that was published, or on a further try
   * what a try of this attempt made of it, and the clone is of its base whatever the branch has become.
   */
  ciFailure: CIFailure.optional(),
  storage: RunStorage,
});
export type RunInput = z.infer<typeof RunInput>;

const BatchOwned = z.object({
  version: z.literal(1),
  task: z.enum(["discover", "track"]),
  namespace: z.string(),
  batchChange: z.object({ name: z.string(), uid: z.string() }),
  storage: RunStorage,
});

const ChangesetOwned = RunInput.pick({ version: true, namespace: true, batchChange: true, changeset: true, storage: true });

/** What the recorder needs to know of any pod's task. A change has no `task`. Who is named with a uid owns what is stored. */
export const RecordInput = z.discriminatedUnion("task", [ChangesetOwned.extend({ task: z.literal("publish").optional() }), BatchOwned]);
export type RecordInput = z.infer<typeof RecordInput>;
