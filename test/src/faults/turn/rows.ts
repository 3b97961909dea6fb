import type { RunEvent } from "@codybatch/crds";
import { step, stream, turn } from "../moments.ts";
import type { At } from "../moments.ts";

/** One step of an agent's turns, and what a run leaves that ends there. */
export interface Row {
  readonly moment: string;
  /** The moment in the run of a repository. */
  readonly at: (repository: string) => At;
  /** Kind and turn of the last event that a killed run has stored. */
  readonly last: readonly [RunEvent["kind"], number];
  readonly killed: Left;
  /** What a run leaves that is asked to end there: it finishes what it does, and then keeps all of it. */
  readonly asked: Left;
}

interface Left {
  /** Files in the stored patch. */
  readonly files: number;
  /** Answers that were counted. */
  readonly counted: number;
  /** It may be charged for a request beyond them. */
  readonly inFlight: boolean;
}

const put = (name: string, text?: RegExp) => (repository: string) => step(repository, { when: "after", act: "put", name }, text);
const event = (when: "before" | "after", text: RegExp) => (repository: string) =>
  step(repository, { when, act: "append", name: "transcript.jsonl" }, text);

const left = (files: number, counted: number, inFlight = false): Left => ({ files, counted, inFlight });
const waiting = { last: ["tool", 1], killed: left(0, 1, true), asked: left(0, 1, true) } as const;
const heard = { killed: left(0, 1, true), asked: left(2, 2) } as const;
const counted = { killed: left(0, 2), asked: left(2, 2) } as const;
const secondResult = /"kind":"tool".*"turn":2.*c\.txt/;

/** The agent reads in its first turn, changes a.txt and c.txt in its second and b.txt in its third. */
export const rows: readonly Row[] = [
  {
    moment: "a tool reads",
    at: (repository) => step(repository, { when: "before", act: "read", name: "b.txt" }),
    last: ["assistant", 1],
    killed: left(0, 1),
    asked: left(0, 1),
  },
  { moment: "a request is about to go out", at: put("progress", /"turn":2,"activity":"waits/), ...waiting },
  { moment: "no word of the answer has come", at: (repository) => turn(2, { repository }), ...waiting },
  { moment: "the answer comes, in the middle of its text", at: (repository) => stream(repository, 2, '"text_delta"'), ...waiting },
  {
    moment: "the answer comes, in the middle of a tool's input",
    at: (repository) => stream(repository, 2, '"input_json_delta"'),
    ...waiting,
  },
  {
    moment: "the answer is there and not written down",
    at: event("before", /"kind":"assistant".*"turn":2/),
    ...heard,
    last: ["tool", 1],
  },
  {
    moment: "the answer is written down and not counted",
    at: event("after", /"kind":"assistant".*"turn":2/),
    ...heard,
    last: ["assistant", 2],
  },
  {
    moment: "the answer is counted and no tool has acted",
    at: put("progress", /"activity":"edit_file a\.txt and 1 more"/),
    ...counted,
    last: ["assistant", 2],
  },
  {
    moment: "one of two tools has acted",
    at: (repository) => step(repository, { when: "before", act: "write", name: "c.txt" }),
    ...counted,
    last: ["assistant", 2],
  },
  { moment: "one of two results is written down", at: event("before", secondResult), ...counted, last: ["tool", 2] },
  { moment: "the tools have acted and there is no patch", at: event("after", secondResult), ...counted, last: ["tool", 2] },
  {
    moment: "the patch is about to take its place",
    at: (repository) => step(repository, { when: "before", act: "put", name: "change.patch" }),
    ...counted,
    last: ["tool", 2],
  },
  {
    moment: "the patch is told of and the next request is about to go out",
    at: put("progress", /"turn":3,"activity":"waits/),
    last: ["patch", 2],
    killed: left(2, 2, true),
    asked: left(2, 2, true),
  },
  {
    moment: "a newer patch is in its place and not told of",
    at: put("change.patch", /b\.txt/),
    last: ["tool", 3],
    killed: left(2, 3),
    asked: left(3, 3),
  },
];
