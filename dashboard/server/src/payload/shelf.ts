import { claimPath, recordKey, recordName, RunProgress, RunRecord, label, type RecordPart } from "@codybatch/crds";
import { resources, type Client } from "@codybatch/operator";
import type { MountedClaim } from "../config.ts";
import { Refusal } from "../http/refusal.ts";
import { mountOf } from "./attempt.ts";
import { readOnClaim } from "./foreign.ts";
import { inflate } from "./inflate.ts";
import { RecentBytes } from "./recent.ts";
import { readRecord, type RecordOwner, type Stored } from "./record.ts";

export interface ShelfOptions {
  readonly client: Client;
  readonly claims: readonly MountedClaim[];
}

/** Most bytes of one payload, unpacked; the gate refuses patches far below, and a transcript this long is read with other means. */
export const most = { patch: 32 * 1024 * 1024, transcript: 48 * 1024 * 1024, stored: 32 * 1024 * 1024 } as const;

/** Bytes of chunks that are kept unpacked, since a reader turns pages. They never change once stored. */
const keptBytes = 32 * 1024 * 1024;

/** A stored payload: ConfigMaps are named by status, files lie on a claim that may be mounted. */
export class Shelf {
  readonly #client: Client;
  readonly #claims: readonly MountedClaim[];
  readonly #chunks = new RecentBytes(keptBytes);

  constructor({ client, claims }: ShelfOptions) {
    this.#client = client;
    this.#claims = claims;
  }

  /** The bytes under one reference. Throws 410 when it is gone, 413 when it is too large, and 410 with a command when it is elsewhere. */
  async read(
    owner: RecordOwner,
    place: { readonly ref: string; readonly part: RecordPart; readonly claim: string | undefined },
  ): Promise<Buffer> {
    const { ref, part, claim } = place;
    const path = claimPath(ref);
    const key = part === "patch" ? recordKey.patchGz : recordKey.transcriptGz;
    const cap = part === "patch" ? most.patch : most.transcript;
    if (path !== undefined) return inflate(await this.#readFile(owner.namespace, claim, path), cap);
    const known = this.#chunks.get(`${owner.uid} ${ref}`);
    if (known !== undefined) return known;
    // A pod that was lost leaves its last picture alone.
    const stored = await readRecord(this.#client, owner, [part, "live"], ref);
    const gz = stored?.binaryData[key];
    if (gz === undefined) throw gone(part);
    const content = await inflate(Buffer.from(gz, "base64"), cap);
    if (isChunk(ref)) this.#chunks.set(`${owner.uid} ${ref}`, content);
    return content;
  }

  /** What a running attempt has stored so far; undefined before its first picture. */
  async live(owner: RecordOwner, pod: string, podUID: string): Promise<Live | undefined> {
    const name = recordName.live(pod);
    const found = await this.#client.get(resources.configMaps, owner.namespace, name);
    if (found === undefined || found.metadata.labels?.[label.podUID] !== podUID) return undefined;
    const stored = await readRecord(this.#client, owner, ["live"], name);
    return stored === undefined ? undefined : liveOf(stored);
  }

  isMounted(namespace: string, claim: string | undefined): boolean {
    return mountOf(this.#claims, namespace, claim) !== undefined;
  }

  async #readFile(namespace: string, claim: string | undefined, path: string): Promise<Buffer> {
    const directory = mountOf(this.#claims, namespace, claim);
    if (directory === undefined) throw elsewhere(namespace, claim ?? "CLAIM", path);
    const content = await readOnClaim(directory, path, most.stored);
    if (content === undefined) throw gone(path.includes("patch") ? "patch" : "transcript");
    return content;
  }
}

/** Chunks of a transcript are immutable; the picture of a running attempt is not. */
function isChunk(ref: string): boolean {
  return /-transcript-[0-9]+$/.test(ref);
}

/** A running attempt's picture. */
export interface Live {
  readonly record: RunRecord;
  readonly progress: RunProgress | undefined;
  /** The newest lines, gzipped; whole chunks before them lie in ConfigMaps of their own. */
  readonly tailGz: Buffer | undefined;
  readonly patchGz: Buffer | undefined;
}

function liveOf({ data, binaryData }: Stored): Live | undefined {
  const record = RunRecord.safeParse(json(data[recordKey.record]));
  if (!record.success) return undefined;
  const bytes = (key: string): Buffer | undefined => (binaryData[key] === undefined ? undefined : Buffer.from(binaryData[key], "base64"));
  const progress = RunProgress.safeParse(json(data[recordKey.progress]));
  return { record: record.data, progress: progress.data, tailGz: bytes(recordKey.transcriptGz), patchGz: bytes(recordKey.patchGz) };
}

function json(text: string | undefined): unknown {
  try {
    return text === undefined || text.length > 512 * 1024 ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function gone(part: string): Refusal {
  return new Refusal(
    "Gone",
    `This ${part} is no longer stored: its time was over, or it was deleted. Its size and summary stay in status.`,
  );
}

/** The line needs a pod that mounts the claim; nothing of it comes from a repository. */
export function copyLine(namespace: string, claim: string, path: string): string {
  const overrides = {
    spec: {
      containers: [
        {
          name: "copy",
          image: "busybox",
          command: ["gunzip", "-c", `/claim/${path}`],
          volumeMounts: [{ name: "claim", mountPath: "/claim", readOnly: true }],
        },
      ],
      volumes: [{ name: "claim", persistentVolumeClaim: { claimName: claim, readOnly: true } }],
    },
  };
  return `kubectl -n ${namespace} run codybatch-copy --rm -i --quiet --restart=Never --image=busybox --overrides='${JSON.stringify(overrides)}'`;
}

function elsewhere(namespace: string, claim: string, path: string): Refusal {
  const isPlain = /^[-a-z0-9.]+$/.test(claim) && /^[-a-z0-9./]+$/.test(path);
  return new Refusal(
    "Gone",
    `This lies on the claim ${claim}, which the dashboard does not mount. Copy it with kubectl.`,
    isPlain ? { command: copyLine(namespace, claim, path) } : {},
  );
}
