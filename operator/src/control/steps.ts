import type { Action } from "../reconcile/wish.ts";

/** Actions that never concern the same object as another of their group in one pass. Events are not among them: equal ones share a counter. */
const groups: Readonly<Partial<Record<Action["kind"], string>>> = {
  EnsureRecorderAccess: "owned objects",
  CreatePrompt: "owned objects",
  CreateChangeset: "owned objects",
  PatchChangesetStatus: "statuses",
  CreateJob: "starts",
  CreateTask: "starts",
  SuspendTask: "stops",
  DeleteTask: "old Jobs",
  RaiseRetryGeneration: "new runs",
  SuspendJob: "stops",
  DeleteJob: "old Jobs",
  DeleteConfigMap: "old records",
};

/** The actions of one pass in steps: those of one step may be carried out side by side, each step only after the one before. The recorder's access is ensured once. */
export function stepsOf(actions: readonly Action[]): readonly (readonly Action[])[] {
  const steps: Action[][] = [];
  let before: string | undefined;
  for (const action of withAccessOnce(actions)) {
    const group = groups[action.kind];
    if (group !== undefined && group === before) steps.at(-1)?.push(action);
    else steps.push([action]);
    before = group;
  }
  return steps;
}

/** Beside new Changesets already, because their Jobs come next and then need not wait for it. */
function withAccessOnce(actions: readonly Action[]): readonly Action[] {
  const isAccess = ({ kind }: Action): boolean => kind === "EnsureRecorderAccess";
  const changeset = actions.find(({ kind }) => kind === "CreateChangeset");
  const others = actions.filter((action, index) => !isAccess(action) || (changeset === undefined && index === actions.findIndex(isAccess)));
  if (changeset?.kind !== "CreateChangeset") return others;
  return [{ kind: "EnsureRecorderAccess", namespace: changeset.batch.metadata.namespace }, ...others];
}

/** Does the work for every item, so many at once. After a failure nothing more is begun; what is under way comes to its end. Gives all failures. */
export async function sideBySide<T>(items: readonly T[], most: number, work: (item: T) => Promise<void>): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  const waiting = items.values();
  const lane = async (): Promise<void> => {
    for (const item of waiting) {
      if (failures.length > 0) return;
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
  return failures;
}
