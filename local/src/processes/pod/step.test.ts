import { expect, test } from "vitest";

import { podSchema } from "../api/pod.ts";
import type { ContainerState, PodState } from "./state.ts";
import { freshState } from "./state.ts";
import { nextActions } from "./step.ts";

const { spec } = podSchema.parse({
  metadata: { name: "p", namespace: "n", uid: "u" },
  spec: {
    activeDeadlineSeconds: 3600,
    terminationGracePeriodSeconds: 120,
    initContainers: [{ name: "recorder", restartPolicy: "Always" }, { name: "clone" }, { name: "toolbox", restartPolicy: "Always" }],
    containers: [{ name: "agent" }, { name: "second" }],
  },
});

const minute = 60_000;
const runs: ContainerState = { running: { run: 0, pid: 10, start: "1", startedAt: 0, isTermed: false, isKilled: false } };
const termed: ContainerState = { running: { ...runs.running!, isTermed: true } };
const ended = (exitCode: number, run = 0): ContainerState => ({ last: { run, exitCode, message: "", startedAt: 0, finishedAt: 0 } });

function state(containers: Record<string, ContainerState>, rest: Partial<PodState> = {}): PodState {
  return { ...freshState(0), containers, ...rest };
}

const starts = (...names: string[]): unknown[] => names.map((container) => ({ kind: "start", container }));
const upToMain = { recorder: runs, clone: ended(0), toolbox: runs };
const stop = (cause: string): unknown[] => [{ kind: "stop", cause, graceSeconds: 120 }];
const winding: Partial<PodState> = { stopping: { cause: "Completed", deadline: 5 * minute } };

test.each<[string, PodState, unknown[]]>([
  ["at first the sidecar alone", state({}), starts("recorder")],
  ["then the init container", state({ recorder: runs }), starts("clone")],
  ["nothing while it runs", state({ recorder: runs, clone: runs }), []],
  ["the next sidecar after it", state({ recorder: runs, clone: ended(0) }), starts("toolbox")],
  ["all main containers together", state(upToMain), starts("agent", "second")],
  ["nothing while they run", state({ ...upToMain, agent: runs, second: ended(0) }), []],
  [
    "a dead sidecar again, at once the first time",
    state({ ...upToMain, recorder: ended(1), agent: runs, second: runs }),
    starts("recorder"),
  ],
  ["a dead sidecar holds nobody up", state({ recorder: ended(1), clone: ended(0) }), starts("recorder", "toolbox")],
  ["the second time after a pause", state({ ...upToMain, recorder: ended(1, 1), agent: runs, second: runs }), []],
  ["a failed init container ends the pod", state({ recorder: runs, clone: ended(2) }), stop("Completed")],
  ["all main containers ended end the pod", state({ ...upToMain, agent: ended(1), second: ended(0) }), stop("Completed")],
  [
    "sidecars are ended from the last",
    state({ ...upToMain, agent: ended(0), second: ended(0) }, winding),
    [{ kind: "terminate", container: "toolbox" }],
  ],
  ["one after the other", state({ ...upToMain, toolbox: termed, agent: ended(0), second: ended(0) }, winding), []],
  [
    "a deleted pod's main containers go first",
    state({ ...upToMain, agent: runs, second: runs }, { stopping: { cause: "Deleted", deadline: minute } }),
    [
      { kind: "terminate", container: "agent" },
      { kind: "terminate", container: "second" },
    ],
  ],
  [
    "past the grace everything is killed",
    state({ ...upToMain, agent: termed, second: ended(0) }, { stopping: { cause: "Deleted", deadline: 500 } }),
    ["agent", "toolbox", "recorder"].map((container) => ({ kind: "kill", container })),
  ],
  [
    "success is all main containers' 0, whatever sidecars say",
    state({ recorder: ended(137), clone: ended(0), toolbox: ended(1), agent: ended(0), second: ended(0) }, winding),
    [{ kind: "finish", finish: { phase: "Succeeded" } }],
  ],
  [
    "a pod deleted before its main containers started has failed",
    state({ recorder: ended(0) }, { stopping: { cause: "Deleted", deadline: minute } }),
    [{ kind: "finish", finish: { phase: "Failed" } }],
  ],
  ["nothing once it is finished", state({}, { finished: { phase: "Failed" } }), []],
])("%s", (_, given, wanted) => {
  expect(nextActions(spec, given, 1000, { restartSeconds: 10 })).toEqual(wanted);
});

test("the pause before a sidecar's restart doubles up to five minutes", () => {
  const restartsAt = (run: number, milliseconds: number): boolean =>
    nextActions(spec, state({ ...upToMain, recorder: ended(1, run), agent: runs, second: runs }), milliseconds, { restartSeconds: 10 })
      .length > 0;
  expect([restartsAt(1, 9999), restartsAt(1, 10_000), restartsAt(2, 19_999), restartsAt(2, 20_000)]).toEqual([false, true, false, true]);
  expect([restartsAt(30, 299_999), restartsAt(30, 300_000)]).toEqual([false, true]);
});

test("the deadline counts from the pod's start", () => {
  const running = state({ ...upToMain, agent: runs, second: runs });
  expect(nextActions(spec, running, 3600_000 - 1, { restartSeconds: 10 })).toEqual([]);
  expect(nextActions(spec, running, 3600_000, { restartSeconds: 10 })).toEqual(stop("DeadlineExceeded"));
});
