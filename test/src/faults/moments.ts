import type { Exchange, GateName, LocalMode, Moment, Part, Step } from "../local-mode/index.ts";
import { isTurn, stepOf } from "../local-mode/index.ts";
import type { Fault } from "./run.ts";
import { second } from "./scene.ts";

type Fits = (exchange: Exchange) => boolean;

/** One request that is held: the moment at which a fault strikes. */
export interface At {
  readonly gate: GateName;
  readonly when: Moment;
  readonly fits: Fits;
  /** With `during`: the text of the answer behind which it is held. */
  readonly until?: string;
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

/** While the answer of a turn comes: behind that text of it, with the rest to come. */
export function stream(repository: string, number: number, until: string): At {
  return { gate: "claude", when: "during", fits: isTurn(repository, number - 1), until };
}

/** At one step of the repository's agent; `text` is in what it appends or puts. */
export function step(repository: string, wanted: Pick<Step, "when" | "act" | "name">, text = /^/): At {
  const fits = (exchange: Exchange): boolean => {
    const found = stepOf(exchange);
    if (found?.repository !== repository || !text.test(found.text)) return false;
    return found.when === wanted.when && found.act === wanted.act && found.name === wanted.name;
  };
  return { gate: "steps", when: "before", fits };
}

/** Does it at that moment. A held question to Claude or step of an agent then goes on, a held request to the API server breaks off. */
export function strike({ gate, when, fits, until }: At, blow: Fault, seconds?: number): Fault {
  return async (local) => {
    const held = local.gates[gate].hold(when, fits, until);
    await held.reached(seconds);
    try {
      await blow(local);
    } finally {
      if (gate === "claude" || gate === "steps") held.release();
      else held.drop();
    }
  };
}

/** Kills the part with -9 at that moment and starts it again. */
export function killedAt(part: Part, at: At): Fault {
  return strike(at, async (local: LocalMode) => {
    await local.kill(part);
    await local.restart(part);
  });
}
