import type { BatchChangeStatus } from "@codybatch/crds";

/** A search, or a look at pull requests, as far as it is counted. */
export interface EndedLook {
  readonly task: "discover" | "track";
  readonly outcome: string;
}

/** The ends that a status has and the one before has not. Several Jobs of one look are one. */
export function newLooks(before: BatchChangeStatus | undefined, after: BatchChangeStatus): readonly EndedLook[] {
  const { discovery, tracking } = after;
  const searched = isNew(before?.discovery, discovery);
  const looked = isNew(before?.tracking, tracking);
  return [
    ...(searched ? [{ task: "discover", outcome: discovery?.reason ?? discovery?.outcome ?? "" } as const] : []),
    ...(looked ? [{ task: "track", outcome: tracking?.reason ?? "Tracked" } as const] : []),
  ];
}

interface Settled {
  readonly settled: number;
}

function isNew(before: Settled | undefined, after: Settled | undefined): boolean {
  return (after?.settled ?? 0) > (before?.settled ?? 0);
}
