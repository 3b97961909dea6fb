import { once } from "node:events";
import type { Call } from "../call.ts";

/** `before`: the request has done nothing yet. `after`: it took effect, and nobody was told. */
export type Moment = "before" | "after";

/** One request that is held until it is let go. When its sender dies meanwhile, it goes no further. */
export interface Hold {
  /** The request that is held; rejects after two minutes. */
  readonly reached: () => Promise<Call>;
  readonly release: () => void;
  /** Breaks the connection, as a server does that dies. */
  readonly drop: () => void;
}

export type Fits = (call: Call) => boolean;

interface Wanted {
  readonly moment: Moment;
  readonly fits: Fits;
  readonly arrive: (call: Call) => void;
  /** Whether it may go on. */
  readonly released: Promise<boolean>;
}

const patienceSeconds = 120;

/** The requests that a test wants to hold. */
export class Holds {
  #wanted: readonly Wanted[] = [];

  /** Holds the next request that fits. */
  add(moment: Moment, fits: Fits): Hold {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<Call>();
    const { promise: released, resolve: decide } = Promise.withResolvers<boolean>();
    this.#wanted = [...this.#wanted, { moment, fits, arrive, released }];
    return { reached: () => within(arrived, moment), release: () => decide(true), drop: () => decide(false) };
  }

  /** Waits at a moment when a test holds it; false when it may not go on. `gone` tells that the client has left. */
  async pass(moment: Moment, call: Call, gone: AbortSignal): Promise<boolean> {
    const wanted = this.#wanted.find((one) => one.moment === moment && one.fits(call));
    if (wanted === undefined) return true;
    this.#wanted = this.#wanted.filter((other) => other !== wanted);
    wanted.arrive(call);
    const left = gone.aborted ? Promise.resolve(false) : once(gone, "abort").then(() => false);
    return Promise.race([wanted.released, left]);
  }
}

async function within<T>(promise: Promise<T>, moment: Moment): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const text = `waited ${patienceSeconds} s in vain for a request to be held ${moment} it takes effect`;
  const timer = setTimeout(() => reject(new Error(text)), patienceSeconds * 1000);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
