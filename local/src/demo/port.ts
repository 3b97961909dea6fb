import { createServer } from "node:net";

/** The wished port when it is free, else 0 for any. */
export function freePort(wished: number | undefined): Promise<number> {
  if (wished === undefined) return Promise.resolve(0);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(0));
    probe.listen(wished, "127.0.0.1", () => probe.close(() => resolve(wished)));
  });
}
