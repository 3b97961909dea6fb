import { beforeAll, expect, test } from "vitest";
import type { LocalMode } from "../local-mode/index.ts";
import { strike, turn, write } from "./moments.ts";
import { runScene } from "./run.ts";
import type { Outcome } from "./run.ts";
import { first } from "./scene.ts";

const pod = `pods <${first}>-0-0-pod`;

interface PicturedPod {
  readonly status: { readonly initContainerStatuses: readonly Readonly<Record<string, unknown>>[] };
}

let clean: Outcome;
beforeAll(async () => {
  clean = await runScene();
});

test.each([
  { moment: "it is about to store the live state", at: write("recorder", "before", ["POST", /\/configmaps$/, '-live"']) },
  { moment: "the agent is in its second turn", at: turn(2, { repository: first }) },
  { moment: "it has stored the patch and does not know", at: write("recorder", "after", ["POST", /\/configmaps$/, '-patch"']) },
  { moment: "it is about to store the result", at: write("recorder", "before", ["POST", /\/configmaps$/, '-result"']) },
  { moment: "it has stored the result and does not know", at: write("recorder", "after", ["POST", /\/configmaps$/, '-result"']) },
])("the recorder is killed when $moment", async ({ at }) => {
  const kill = async (local: LocalMode): Promise<void> => void (await local.killContainer(first, "recorder"));
  const outcome = await runScene(strike(at, kill));
  expect(outcome).toEqual({ ...clean, picture: { ...clean.picture, [pod]: restartedOnce(clean.picture[pod]) } });
});

/** The same pod, with a recorder that was started twice. */
function restartedOnce(before: unknown): object {
  const { status, ...rest } = before as PicturedPod;
  const initContainerStatuses = status.initContainerStatuses.map((one) => (one["name"] === "recorder" ? { ...one, restartCount: 1 } : one));
  return { ...rest, status: { ...status, initContainerStatuses } };
}
