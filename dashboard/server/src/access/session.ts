import { randomBytes } from "node:crypto";
import type { Clock } from "@codybatch/operator";

interface Session {
  readonly token: string;
  readonly endsAt: number;
}

const idForm = /^[A-Za-z0-9_-]{43}$/;
const mostSessions = 10_000;

/** Tokens of those who logged in, kept in memory: a browser only ever has a random id, and leaving makes it worthless. */
export class Sessions {
  readonly #clock: Clock;
  readonly #life: number;
  readonly #sessions = new Map<string, Session>();

  /** `life` in milliseconds; a token that ends sooner ends its session. */
  constructor(clock: Clock, life: number) {
    this.#clock = clock;
    this.#life = life;
  }

  /** Gives the id for the cookie. */
  begin(token: string): string {
    this.#forgetEnded();
    const id = randomBytes(32).toString("base64url");
    this.#sessions.set(id, { token, endsAt: this.#clock.now() + this.#life });
    return id;
  }

  tokenOf(id: string): string | undefined {
    const session = idForm.test(id) ? this.#sessions.get(id) : undefined;
    if (session === undefined || session.endsAt > this.#clock.now()) return session?.token;
    this.#sessions.delete(id);
    return undefined;
  }

  end(id: string): void {
    this.#sessions.delete(id);
  }

  #forgetEnded(): void {
    for (const [id, { endsAt }] of this.#sessions) if (endsAt <= this.#clock.now()) this.#sessions.delete(id);
    for (const id of this.#sessions.keys()) {
      if (this.#sessions.size < mostSessions) return;
      this.#sessions.delete(id);
    }
  }
}
