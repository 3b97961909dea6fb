import type { Exchange, GateName, LocalMode, Moment, Part } from "../local-mode/index.ts";
import { isTurn } from "../local-mode/index.ts";
import type { Fault } from "./run.ts";
import { second } from "./scene.ts";

type Fits = (exchange: Exchange) => boolean;

/** One request that is held: the moment at which a fault strikes. */
export interface At {
  readonly gate: GateName;
  readonly when: Moment;
  readonly fits: Fits;
}

/** Method, end of the path and a text of the body. */
type Write = readonly [method: string, path: RegExp, text?: string];

/** While somebody's write is under way: not done yet, or done and not known to have been done. */
export function write(gate: GateName, when: Moment, [method, path, text = ""]: Write): At {
  return { gate, when, fits: (exchange) => exchange.method === method && path.test(exchange.path) && exchange.body.includes(text) };
}

/** While an agent waits for the answer of a turn, counted from 1; `after`: it is said, and not heard. */
export function turn(number: number, { when = "before", repository = second }: { when?: Moment; repository?: string } = {}): At {
  return { gate: "claude", when, fits: isTurn(repository, number - 1) };
}

/** Does it at that moment. A held question to Claude then goes on, a held request to the API server breaks off. */
export function strike({ gate, when, fits }: At, blow: Fault): Fault {
  return async (local) => {
    const held = local.gates[gate].hold(when, fits);
    await held.reached();
    await blow(local);
    if (gate === "claude") held.release();
    else held.drop();
  };
}

/** Kills the part with -9 at that moment and starts it again. */
export function killedAt(part: Part, at: At): Fault {
  return strike(at, async (local: LocalMode) => {
    await local.kill(part);
    await local.restart(part);
  });
}
