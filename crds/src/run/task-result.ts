import { z } from "zod";
import { DiscoverResult } from "./discover.ts";
import { PublishResult } from "./publish.ts";
import { TrackResult } from "./track.ts";

/** What the recorder of a task's Job stored, told apart by `task`. */
export const TaskResult = z.discriminatedUnion("task", [PublishResult, DiscoverResult, TrackResult]);
export type TaskResult = z.infer<typeof TaskResult>;
