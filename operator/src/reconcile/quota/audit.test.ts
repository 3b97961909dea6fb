import { apiVersion, type Attempt, type Changeset } from "@codybatch/crds";
import { expect, it, test } from "vitest";
import type { Observed, ObservedJob } from "../observed.ts";
import { observedOf } from "../testing/build.ts";
import { audit } from "./audit.ts";
import { emptyLedger, reserve } from "./ledger.ts";

const at = "2026-11-21T10:00:00.000Z";
const [dollar, name] = [1e9, "node-24-0123456789"];
const job = `${name}-0-1`;
const page = { month: "2026-11", elsewhere: new Set<string>() };
const reserved = reserve(emptyLedger, job, { nanoUSD: dollar, at });

function attempt(attemptNumber: number, tryNumber: number): Attempt {
  const ofJob = `${name}-${attemptNumber}-${tryNumber}`;
  return { attempt: attemptNumber, try: tryNumber, job: ofJob, outcome: "Failed", reason: "Stuck", inputsHash: "", chargedNanoUSD: 7 };
}

function changeset(status: object = {}): Changeset {
  const metadata = { name, namespace: "team-a", uid: "uid-c", generation: 1, resourceVersion: "1", creationTimestamp: at };
  const repository = { url: "https://github.com/acme/api", name: "acme/api", branch: "main" };
  return {
    apiVersion,
    kind: "Changeset",
    metadata,
    spec: { batchChange: "node-24", repository, attempt: 0, retryGeneration: 0 },
    status,
  } as Changeset;
}

const running = {
  name: job,
  uid: "uid-j",
  changeset: name,
  owner: "uid-c",
  attempt: 0,
  try: 1,
  createdAt: "2026-11-21T10:00:00Z",
  reservedNanoUSD: dollar,
} as ObservedJob;
const pod = (uid: string) => ({ uid, jobUID: "uid-j" });

/** What becomes of the reservation of one Job: "open" or "spent" with nano-dollars, and whether it is unused. */
function becomes(status: object, rest: object = {}): string {
  const { ledger, unused } = audit(reserved, observedOf({ changesets: [changeset(status)], ...rest } as Partial<Observed>), page);
  const open = [...ledger.open.values()].map(({ nanoUSD }) => `open ${nanoUSD}`);
  const spent = [...ledger.spent].map(([day, nano]) => `${day} ${nano}`);
  return [...open, ...spent, ...(unused.has(job) ? ["unused"] : [])].join(", ");
}

test.each<[string, string, string]>([
  ["whose end is in status is settled at its charge", becomes({ attempts: [attempt(0, 0), attempt(0, 1)] }), "2026-11-21 7"],
  [
    "whose end status no longer lists is settled whole",
    becomes({ attempts: Array.from({ length: 10 }, (_, index) => attempt(index + 1, 0)) }),
    `2026-11-21 ${dollar}`,
  ],
  ["that runs stays", becomes({}, { jobs: [running] }), `open ${dollar}`],
  ["with a second pod costs twice", becomes({}, { jobs: [running], pods: [pod("1"), pod("2")] }), `open ${2 * dollar}`],
  [
    "that was stopped for a second pod costs twice",
    becomes({}, { jobs: [{ ...running, stoppedBecause: "SecondPod" }] }),
    `open ${2 * dollar}`,
  ],
  ["that vanished while status knew it stays", becomes({ job }), `open ${dollar}`],
  ["that vanished and left records stays", becomes({}, { records: [{ name: `${job}-abcde-live`, changeset: name }] }), `open ${dollar}`],
  ["of which there is no trace is unused", becomes({}), `open ${dollar}, unused`],
  [
    "of which there is no trace though later ones ended is unused",
    becomes({ attempts: [attempt(0, 0), attempt(1, 0)] }),
    `open ${dollar}, unused`,
  ],
  ["of another batch is left alone", becomes({}, { changesets: [] }), `open ${dollar}`],
])("a Job %s", (_, found, expected) => {
  expect(found).toBe(expected);
});

it("gives a running Job the reservation that its ledger lacks, at the time of its start", () => {
  const observed = observedOf({ changesets: [changeset()], jobs: [running] });
  expect(audit(emptyLedger, observed, page).ledger).toEqual(reserved);
  expect(audit(emptyLedger, observed, { ...page, month: "2026-12" }).ledger).toEqual(emptyLedger);
  expect(audit(emptyLedger, observed, { ...page, elsewhere: new Set([job]) }).ledger).toEqual(emptyLedger);
});

it("counts no Job of a Changeset that had the name before", () => {
  const observed = observedOf({ changesets: [changeset()], jobs: [{ ...running, owner: "uid-of-old" }] });
  expect(audit(emptyLedger, observed, page).ledger).toEqual(emptyLedger);
});
