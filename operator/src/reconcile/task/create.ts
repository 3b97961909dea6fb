import { taskJobName } from "@codybatch/crds";
import type { Observed } from "../observed.ts";
import type { CreateTask } from "../wish.ts";
import { taskManifest, type TaskParts } from "./manifest.ts";
import { nextNumber } from "./settled.ts";

/** What one task's Job is told. */
export type Order = Pick<TaskParts, "owner" | "input" | "subject" | "patchRef">;

/** The next Job of a task, or the one that so many others of the same moment come before. */
export function createTask(observed: Observed, order: Order, before = 0): CreateTask {
  const { batch, changesets, tasks, settings } = observed;
  const { owner, input } = order;
  const number = nextNumber(input.task, owner.metadata.uid, tasks.jobs, { batch, changesets }) + before;
  const name = taskJobName(owner.metadata.name, input.task, number);
  return { kind: "CreateTask", name, owner, manifest: taskManifest({ name, batch, settings, ...order }) };
}
