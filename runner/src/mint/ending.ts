import { certificateFault } from "../certificate.ts";
import { Answered, RateLimited, Unavailable } from "../github/fault.ts";
import type { Log } from "../log.ts";
import type { Redactor } from "../redact/index.ts";
import { MintRefusal, type MintRefusalKind } from "./refusal.ts";

/** Why no token was made, whatever it was for. */
export type Ending =
  | { readonly kind: "Refused"; readonly refusal: MintRefusalKind; readonly message: string }
  /** Milliseconds since 1970. */
  | { readonly kind: "RateLimited"; readonly until: number; readonly message: string }
  | { readonly kind: "Unavailable"; readonly message: string }
  | { readonly kind: "Fault"; readonly message: string };

interface Circumstances {
  readonly redact: Redactor;
  /** The time was over, or the pod was asked to end. */
  readonly late: boolean;
  readonly timeoutSeconds: number;
  readonly log: Log;
}

/** Longest message that a status takes. */
const longest = 1024;

export function endingOf(error: unknown, { redact, late, timeoutSeconds, log }: Circumstances): Ending {
  const words = (text: string): string => redact(text).slice(0, longest);
  if (error instanceof MintRefusal) return { kind: "Refused", refusal: error.kind, message: words(error.message) };
  if (error instanceof RateLimited) return { kind: "RateLimited", until: error.until, message: words(error.message) };
  if (late) return { kind: "Unavailable", message: `GitHub gave the App no token within ${timeoutSeconds} s.` };
  const untrusted = certificateFault(error);
  if (untrusted !== undefined)
    return {
      kind: "Unavailable",
      message: words(
        `${errorWords(error)}: its certificate is not trusted (${untrusted}). Ask the administrator to put its authority into the ConfigMap of the chart's value caBundle.`,
      ),
    };
  if (error instanceof Unavailable || error instanceof Answered)
    return { kind: "Unavailable", message: words(`No token of the App: ${error.message}.`) };
  log.error({ err: error }, "a fault of our own");
  return { kind: "Fault", message: "Making the App's token failed by a fault of our own; the log of the container mint has it." };
}

function errorWords(error: unknown): string {
  return error instanceof Error ? error.message : "GitHub does not answer";
}
