import { setTimeout as wait } from "node:timers/promises";
import { TrackInput, type TrackResult } from "@codybatch/crds";
import { type Look, type LookConfig, type LookPorts, runLook } from "../github/look.ts";
import type { Log } from "../log.ts";
import { Follower } from "./follow.ts";

type Told = Pick<TrackResult, "outcome" | "pullRequests" | "rateLimit">;

const look: Look<TrackInput, Told> = {
  form: TrackInput,
  ask: async (input, { reader, signal, config, failedBy }) => {
    const follower = new Follower(input, reader);
    const outcome = await follower
      .follow(async () => await wait(config.againSeconds * 1000, undefined, { signal }))
      .then(() => ({ kind: "Tracked" as const }), failedBy);
    const { pullRequests, rateLimit } = follower;
    return { outcome, pullRequests: [...pullRequests], ...(rateLimit === undefined ? {} : { rateLimit }) };
  },
  failed: (outcome, { pullRequests }) => ({
    outcome,
    pullRequests: pullRequests.map(({ changeset }) => ({ changeset, kind: "Unseen" })),
  }),
};

/** Looks at the pull requests of the input and writes how they stand to `/out/result.json`. */
export async function runTrack(config: LookConfig, log: Log, ports: LookPorts): Promise<void> {
  await runLook({ look, config, log, ports });
}
