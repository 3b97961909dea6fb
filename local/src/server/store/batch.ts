/** Writes that go to disk together. */
export class Batch {
  readonly done: Promise<void>;
  readonly lines: string[] = [];
  private readonly announcements: (() => void)[] = [];
  private readonly settle: { readonly resolve: () => void; readonly reject: (error: Error) => void };

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Nobody need wait for a batch, so that a failure without a waiter is no unhandled rejection.
    promise.catch(() => undefined);
    this.done = promise;
    this.settle = { resolve, reject };
  }

  add(line: string, announce: () => void): void {
    this.lines.push(line);
    this.announcements.push(announce);
  }

  succeed(): void {
    for (const announce of this.announcements) announce();
    this.settle.resolve();
  }

  fail(error: Error): void {
    this.settle.reject(error);
  }
}
