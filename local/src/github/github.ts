import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Token } from "./access/token.ts";
import { Door } from "./door.ts";
import { Hands } from "./hands.ts";
import { Journal } from "./journal.ts";
import type { PushEntry, RequestEntry } from "./journal.ts";
import { Limits } from "./limits/limits.ts";
import { found } from "./scenario/found.ts";
import { parseScenario } from "./scenario/scenario.ts";
import type { ScenarioInput } from "./scenario/scenario.ts";
import { Faults } from "./script/fault.ts";
import type { FaultInput } from "./script/fault.ts";
import { Holds } from "./script/hold.ts";
import type { Fits, Hold, Moment } from "./script/hold.ts";
import { serverOf } from "./server.ts";
import type { Backstage } from "./server.ts";
import { Turns } from "./site.ts";
import type { Site } from "./site.ts";
import { World } from "./state/model.ts";

export interface GithubOptions {
  readonly scenario: ScenarioInput;
  /** Folder for the bare repositories and the state; what lies there from an earlier run goes on. */
  readonly dir: string;
  readonly log: Backstage["log"];
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Absent: loopback. */
  readonly host?: string;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** A running stand-in for GitHub, with what a test may look at and do. */
export interface Github {
  /** Base of git and pages; `${url}/owner/name` is a repository. */
  readonly url: string;
  /** Base of REST as on Enterprise Server; GraphQL is at `${url}/api/graphql`. */
  readonly apiURL: string;
  readonly port: number;
  readonly requests: readonly RequestEntry[];
  readonly pushes: readonly PushEntry[];
  /** What the stand-in did that GitHub could not have, and what it was asked that it does not have: empty after a good test. */
  readonly mistakes: readonly string[];
  readonly hands: Hands;
  /** Credentials by name, those that an App made included. */
  token(name: string): Token | undefined;
  /** Revokes a token. */
  revoke(name: string): void;
  /** Plans what goes wrong. */
  fail(fault: FaultInput): void;
  /** Forgets what was planned. */
  heal(): void;
  /** Holds the next request that fits, until it is let go. */
  hold(moment: Moment, fits: Fits): Hold;
  close(): Promise<void>;
}

/** Starts the stand-in. Throws ScenarioError for a scenario that cannot be used. */
export async function startGithub(options: GithubOptions): Promise<Github> {
  const { log, now = Date.now } = options;
  const scenario = parseScenario(options.scenario);
  const dir = resolve(options.dir);
  const root = join(dir, "git");
  await mkdir(root, { recursive: true, mode: 0o700 });
  const file = join(dir, "github-state.json");
  const founded = await found(scenario, root, await keptIn(file));
  const journal = new Journal();
  const site: Site = { ...founded, root, journal, limits: new Limits(scenario.limits), turns: new Turns(), now };
  const faults = new Faults();
  for (const fault of scenario.faults) faults.add(fault);
  const holds = new Holds();
  const written = (): Promise<void> => site.turns.take("state", () => keep(file, site.store.world));
  const server = serverOf({ door: new Door(site, scenario.edition), faults, holds, journal, log, now, written });
  const { host = "127.0.0.1" } = options;
  await new Promise<void>((done, fail) => server.once("error", fail).listen(options.port ?? 0, host, done));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const url = `http://${host}:${port}`;
  return {
    url,
    apiURL: `${url}/api/v3`,
    port,
    requests: journal.requests,
    pushes: journal.pushes,
    mistakes: journal.mistakes,
    hands: new Hands(site),
    token: (name) => site.tokens.named(name),
    revoke: (name) => site.tokens.revoke(name),
    fail: (fault) => faults.add(fault),
    heal: () => faults.clear(),
    hold: (moment, fits) => holds.add(moment, fits),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
      await written();
    },
  };
}

async function keptIn(file: string): Promise<World | undefined> {
  try {
    return World.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function keep(file: string, world: World): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(world), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
