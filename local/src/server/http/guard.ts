import type { IncomingHttpHeaders } from "node:http";
import { StatusError } from "./status.ts";

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/**
 * Refuses requests that a web page may have sent: the server asks for no password, and whoever may create pods in local mode runs
 * programs on this machine. Pages send an Origin, or, after rebinding a name, a foreign Host. Throws a 403.
 */
export function refuseBrowsers({ host = "", origin }: IncomingHttpHeaders): void {
  if (origin === undefined && loopback.test(host)) return;
  const why =
    origin === undefined
      ? `the host "${host}" is not this machine's loopback address`
      : `requests of web pages (origin ${origin}) are refused`;
  throw new StatusError({ code: 403, reason: "Forbidden", message: `${why}: use kubectl with the kubeconfig of the folder` });
}
