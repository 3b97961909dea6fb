import type { Dispatcher } from "undici";
import { request } from "undici";
import { certificateFault } from "../certificate.ts";
import { errorCode } from "../out/index.ts";
import { tokenUser } from "./credentials.ts";
import { answerFault } from "./answer.ts";
import { Refusal, Unreachable } from "./refusal.ts";

const suffix = "/info/refs?service=git-upload-pack";
const advertisement = "application/x-git-upload-pack-advertisement";
const mostRedirects = 5;

export interface Remote {
  /** Where the repository really is, after redirects inside its host. */
  readonly url: URL;
  /** True when the host wants the token. */
  readonly login: boolean;
}

export interface Asking {
  readonly dispatcher: Dispatcher;
  readonly token: string | undefined;
  readonly timeoutMs: number;
}

/**
 * Asks the host for the repository the way git does, first without a login. The status tells what git says only in words.
 * Throws {@link Refusal} or {@link Unreachable}.
 */
export async function findRemote(start: URL, asking: Asking): Promise<Remote> {
  let at: Remote = { url: start, login: false };
  for (let redirects = 0; redirects <= mostRedirects;) {
    const answer = await ask(at, asking);
    if (answer.status === 401 && !at.login && asking.token !== undefined) {
      at = { ...at, login: true };
    } else if (answer.location !== undefined) {
      at = { url: redirected(at.url, answer.location), login: at.login };
      redirects += 1;
    } else {
      return accepted(at, answer);
    }
  }
  throw new Refusal("CloneFailed", `${bare(start)} redirects more than ${mostRedirects} times. Give the repository's final URL.`);
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly contentType: string;
  readonly retryAfterSeconds: number | undefined;
}

async function ask(at: Remote, asking: Asking): Promise<Answer> {
  try {
    const { statusCode, headers, body } = await request(`${bare(at.url)}${suffix}`, {
      dispatcher: asking.dispatcher,
      headers: { "user-agent": "git/2 cody-batch", "git-protocol": "version=2", ...(at.login ? login(asking.token ?? "") : {}) },
      headersTimeout: asking.timeoutMs,
      bodyTimeout: asking.timeoutMs,
    });
    // Only the head is of interest; a list of references can be long.
    body.on("error", () => undefined).destroy();
    const redirect = statusCode >= 300 && statusCode < 400;
    return {
      status: statusCode,
      location: redirect ? text(headers["location"]) : undefined,
      contentType: text(headers["content-type"]) ?? "",
      retryAfterSeconds: Number.parseInt(text(headers["retry-after"]) ?? "", 10) || undefined,
    };
  } catch (error) {
    const untrusted = certificateFault(error);
    if (untrusted !== undefined) throw notTrusted(at.url.host, untrusted, error);
    throw new Unreachable(`${at.url.host} does not answer (${errorCode(error) ?? "no connection"})`, undefined, { cause: error });
  }
}

function notTrusted(host: string, code: string, cause: unknown): Refusal {
  const remedy = "Ask the administrator to put its authority into the ConfigMap of the chart's value caBundle.";
  return new Refusal("CloneFailed", `${host}'s certificate is not trusted (${code}). ${remedy}`, { cause });
}

function accepted(at: Remote, answer: Answer): Remote {
  if (answer.status === 200 && answer.contentType.startsWith(advertisement)) return at;
  throw answerFault({ ...answer, where: bare(at.url), host: at.url.host, login: at.login });
}

function redirected(from: URL, location: string): URL {
  const target = URL.parse(location, `${bare(from)}${suffix}`);
  // The token goes with it, so only the same host will do; http may become https.
  const sameHost =
    target?.origin === from.origin || (target?.protocol === "https:" && target.port === "" && target.hostname === from.hostname);
  if (target === null || !sameHost || target.username !== "" || !target.href.endsWith(suffix)) {
    throw new Refusal(
      "CloneFailed",
      `${bare(from)} redirects to ${target?.host ?? "nowhere"}, which is not followed. Give the repository's own URL.`,
    );
  }
  return new URL(target.href.slice(0, -suffix.length));
}

function login(token: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${tokenUser}:${token}`).toString("base64")}` };
}

function bare(url: URL): string {
  return url.href.replace(/\/+$/, "");
}

function text(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}
