/** How far a repository is, as far as the canary is concerned. */
export interface Bird {
  readonly changeset: string;
  /** Good: ended well with a change. Bad: failed or cancelled. */
  readonly state: "Unfinished" | "Good" | "NoChange" | "Bad";
}

export interface CanaryGate {
  readonly state: "Open" | "Waiting" | "Failed";
  /** Changesets that may start while the gate is not open, in the order in which they were chosen. */
  readonly canaries: readonly string[];
}

/**
 * `size` repositories go first; the rest follow when all of them ended well and at least one of them with a change.
 * When none of them had anything to change, that proves nothing: the next `size` become canaries too. `chosen` are
 * those of earlier passes, which stay so when the list is edited.
 */
export function canaryGate(birds: readonly Bird[], size: number, chosen: readonly string[]): CanaryGate {
  if (size === 0) return { state: "Open", canaries: [] };
  const byName = new Map(birds.map((bird) => [bird.changeset, bird]));
  const first = chosen.filter((name) => byName.has(name));
  return gateOf(birds, size, topUp(birds, first, Math.max(size, first.length)));
}

function gateOf(birds: readonly Bird[], size: number, canaries: readonly string[]): CanaryGate {
  const states = birds.filter(({ changeset }) => canaries.includes(changeset)).map(({ state }) => state);
  if (states.includes("Bad")) return { state: "Failed", canaries };
  if (states.includes("Unfinished")) return { state: "Waiting", canaries };
  if (states.includes("Good") || canaries.length === birds.length) return { state: "Open", canaries };
  return gateOf(birds, size, topUp(birds, canaries, canaries.length + size));
}

function topUp(birds: readonly Bird[], chosen: readonly string[], wanted: number): readonly string[] {
  const others = birds.map(({ changeset }) => changeset).filter((name) => !chosen.includes(name));
  return [...chosen, ...others.slice(0, Math.max(0, wanted - chosen.length))];
}
