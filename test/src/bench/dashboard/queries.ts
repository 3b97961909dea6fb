import type { Filled } from "./fill.ts";

export interface Timed {
  readonly what: string;
  /** Milliseconds. */
  readonly times: readonly number[];
  /** Milliseconds of the server's CPU time for each, garbage collection and its other threads with it. */
  readonly cpu: number;
}

/** Sends each kind of question over and over, one at a time, and reads the whole answer. `cpu` tells the server's CPU time so far. */
export async function timed(url: string, { large }: Filled, rounds: number, cpu: () => number): Promise<readonly Timed[]> {
  const table = `/api/v1/namespaces/default/batchchanges/${large}`;
  const questions: readonly (readonly [what: string, paths: readonly string[]])[] = [
    [
      "list of batches, in several orders and pages",
      ["", "?sort=name", "?sort=-cost", "?phase=Running", "?sort=-failed&limit=200"].map((query) => `/api/v1/batchchanges${query}`),
    ],
    [
      "search over batches",
      ["service-4%20acme-77", "batch-4999", "nothing-like-this", "acme"].map((words) => `/api/v1/batchchanges?q=${words}`),
    ],
    [
      "table of the largest batch",
      ["", "?phase=Failed", "?q=service-99", "?sort=-duration"].map((query) => `${table}/repositories${query}`),
    ],
    ["burndown of the largest batch", [`${table}/burndown`]],
    ["failures over all batches", ["/api/v1/failures"]],
    ["usage over all batches", ["/api/v1/usage"]],
  ];
  const answers: Timed[] = [];
  for (const [what, paths] of questions) {
    // The first round compiles: not counted.
    for (const path of paths) await ask(`${url}${path}`);
    const times: number[] = [];
    const before = cpu();
    for (const path of Array.from({ length: rounds }, () => paths).flat()) times.push(await ask(`${url}${path}`));
    answers.push({ what, times, cpu: (cpu() - before) / times.length });
  }
  return answers;
}

async function ask(url: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(url);
  await response.text();
  if (!response.ok) throw new Error(`${url} was answered ${response.status}`);
  return performance.now() - startedAt;
}
