import { chooseAttempt } from "./attempt.ts";
import { inflate } from "./inflate.ts";
import { ownerOf } from "./patch.ts";
import type { RecordOwner } from "./record.ts";
import { most, type Shelf } from "./shelf.ts";
import type { Subject } from "./subject.ts";
import { Refusal } from "../http/refusal.ts";

/** The stored lines of one attempt. */
export interface Transcript {
  readonly attempt: string;
  readonly live: boolean;
  readonly truncated: boolean;
  /** Whole lines, one event each. */
  readonly text: Buffer;
}

/** Reads all that is stored of an attempt. `claim` is that of the batch. */
export async function readTranscript(
  shelf: Shelf,
  subject: Subject,
  id: string | undefined,
  claim: string | undefined,
): Promise<Transcript> {
  const chosen = chooseAttempt(subject, id, "transcript");
  const owner = ownerOf(subject);
  if (chosen.kind === "running") {
    const live = await shelf.live(owner, chosen.pod, chosen.podUID);
    if (live === undefined) return { attempt: chosen.id, live: true, truncated: false, text: Buffer.alloc(0) };
    const { refs, truncated } = live.record.transcript;
    const tail = live.tailGz === undefined ? [] : [await inflate(live.tailGz, most.transcript)];
    const whole = live.tailGz === undefined ? refs : refs.slice(0, -1);
    return { attempt: chosen.id, live: true, truncated, text: joined([...(await chunksOf(shelf, owner, whole, claim)), ...tail]) };
  }
  const stored = chosen.attempt.transcript;
  if (stored === undefined) throw new Refusal("NotFound", "This attempt left no transcript.");
  const chunks = await chunksOf(shelf, owner, stored.refs, claim);
  return { attempt: chosen.id, live: false, truncated: stored.truncated === true, text: joined(chunks) };
}

/** One after the other, so that what is too long is noticed before all of it is in memory. */
async function chunksOf(shelf: Shelf, owner: RecordOwner, refs: readonly string[], claim: string | undefined): Promise<readonly Buffer[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (const ref of refs) {
    const chunk = await shelf.read(owner, { ref, part: "transcript", claim });
    bytes += chunk.length;
    if (bytes > most.transcript) throw new Refusal("TooLarge", "The transcript is too long to be shown. Fetch it with kubectl.");
    chunks.push(chunk);
  }
  return chunks;
}

function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
}
