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

/** The wished port when it is free, else one that is; for a program that has to be told. */
export async function certainPort(wished: number | undefined): Promise<number> {
  const free = await freePort(wished);
  return free === 0 ? anyPort() : free;
}

/** A port of loopback that is free, for a program that has to be told one. */
export function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
