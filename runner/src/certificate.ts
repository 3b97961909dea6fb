import { errorCode } from "./out/index.ts";

/** Node's and OpenSSL's words for a server for which no trusted authority vouches. */
const untrusted: readonly (string | undefined)[] = [
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_UNTRUSTED",
  "CERT_NOT_YET_VALID",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
];

/** The code of a server's certificate that is not trusted, found along the chain of causes. Nothing was sent then. */
export function certificateFault(error: unknown): string | undefined {
  let cause = error;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    const code = errorCode(cause);
    if (untrusted.includes(code)) return code;
    cause = cause.cause;
  }
  return undefined;
}
