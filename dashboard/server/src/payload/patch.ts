import type { RecordOwner } from "./record.ts";
import { chooseAttempt } from "./attempt.ts";
import { inflate } from "./inflate.ts";
import { most, type Shelf } from "./shelf.ts";
import type { Subject } from "./subject.ts";
import { Refusal } from "../http/refusal.ts";

export interface Patch {
  readonly attempt: string;
  readonly live: boolean;
  readonly digest: string;
  readonly baseCommit: string;
  readonly bytes: Buffer;
}

export function ownerOf({ metadata }: Subject): RecordOwner {
  return { kind: "Changeset", namespace: metadata.namespace, name: metadata.name, uid: metadata.uid };
}

/** The patch of an attempt, or the change so far of the running one. `claim` is that of the batch. */
export async function readPatch(shelf: Shelf, subject: Subject, id: string | undefined, claim: string | undefined): Promise<Patch> {
  const chosen = chooseAttempt(subject, id, "patch");
  const owner = ownerOf(subject);
  if (chosen.kind === "running") {
    const live = await shelf.live(owner, chosen.pod, chosen.podUID);
    const known = live?.progress?.patch;
    if (live?.patchGz === undefined || known === undefined)
      throw new Refusal("NotFound", "The running attempt has changed nothing so far.");
    const { digest, baseCommit } = known;
    return { attempt: chosen.id, live: true, digest, baseCommit, bytes: await inflate(live.patchGz, most.patch) };
  }
  const stored = chosen.attempt.patch;
  if (stored === undefined) throw new Refusal("NotFound", "This attempt left no patch.");
  const { digest, baseCommit, ref } = stored;
  return { attempt: chosen.id, live: false, digest, baseCommit, bytes: await shelf.read(owner, { ref, part: "patch", claim }) };
}
