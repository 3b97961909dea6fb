import { EndpointError } from "./cluster/endpoint.ts";
import { ConfigError } from "./config.ts";

/** 0: asked to stop. 1: something failed that a restart may mend. 2: the settings are wrong. */
export const exit = { stopped: 0, failed: 1, misconfigured: 2 } as const;

/** Says on standard error why the process cannot go on, and gives its exit code. */
export function exitFor(error: unknown): number {
  const isSetting = error instanceof ConfigError || error instanceof EndpointError;
  console.error(isSetting ? `The settings are wrong:\n${error.message}` : error);
  return isSetting ? exit.misconfigured : exit.failed;
}
