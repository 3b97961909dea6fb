import { setTimeout as wait } from "node:timers/promises";
import type { Program, ProgramSpec } from "./program.ts";

export interface DashboardOptions {
  /** URL of the embedded API server. */
  readonly api: string;
  readonly port: number;
  /** Folder of the built pages. */
  readonly pages: string;
  /** The operator's, which the compose page shows. */
  readonly limits: object;
  /** Answers do not come from Claude, and every page says so. */
  readonly standIn: boolean;
}

/** The dashboard as the demo starts it: on loopback, where nobody is asked who they are. */
export function dashboardProgram({ api, port, pages, limits, standIn }: DashboardOptions): ProgramSpec {
  return {
    name: "dashboard",
    args: ["dashboard/server/src/main.ts"],
    env: {
      CODYBATCH_API_URL: api,
      CODYBATCH_DASHBOARD_AUTH: "none",
      CODYBATCH_DASHBOARD_HOST: "127.0.0.1",
      CODYBATCH_DASHBOARD_PORT: String(port),
      CODYBATCH_DASHBOARD_METRICS_PORT: "0",
      CODYBATCH_DASHBOARD_WEB_DIR: pages,
      CODYBATCH_DASHBOARD_STAND_IN: String(standIn),
      CODYBATCH_LIMITS: JSON.stringify(limits),
    },
    graceMs: 15_000,
  };
}

/** Waits until the dashboard has listed everything once, for at most so many milliseconds. Throws ProgramEnded. */
export async function untilShown(program: Program, url: string, { within, signal }: Patience): Promise<void> {
  for (const deadline = Date.now() + within; Date.now() < deadline;) {
    program.demandAlive();
    if (await isReady(url)) return;
    await wait(50, undefined, { signal });
  }
  throw new Error(`${program.name} was not ready within ${within / 1000} s; see ${program.log}`);
}

interface Patience {
  readonly within: number;
  readonly signal: AbortSignal;
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    async (answer) => {
      await answer.body?.cancel();
      return answer.ok;
    },
    () => false,
  );
}
