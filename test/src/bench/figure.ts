/** One row of the table. */
export interface Figure {
  readonly what: string;
  readonly value: string;
}

export interface Measurement {
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** How a measurement is made. `quick` only shows that it runs: its figures mean nothing. */
export interface Effort {
  readonly quick: boolean;
  /** Parts of the measurement; empty for all. */
  readonly only: readonly string[];
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

export function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}

export function times(ratio: number): string {
  return `${ratio.toFixed(1)} ×`;
}

export function perSecond(count: number, elapsedMs: number): string {
  return `${Math.round((count / elapsedMs) * 1000).toLocaleString("en")} / s`;
}
