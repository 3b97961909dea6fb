import { DiscoverInput } from "@codybatch/crds";
import { type Look, type LookConfig, type LookPorts, runLook } from "../github/look.ts";
import type { Log } from "../log.ts";
import { discover, type Found } from "./discover.ts";

const look: Look<DiscoverInput, Found> = {
  form: DiscoverInput,
  ask: async (input, { reader }) => await discover(input, reader),
  failed: (outcome) => ({ outcome }),
};

/** Finds the repositories of the input's selector and writes them to `/out/result.json`. */
export async function runDiscover(config: LookConfig, log: Log, ports: LookPorts): Promise<void> {
  await runLook({ look, config, log, ports });
}
