import type { SessionEnd } from "../session/session.ts";

/** Why there is no session, and what to do. */
export const sessionWords: Readonly<Record<SessionEnd, { readonly title: string; readonly text: string }>> = {
  NoToken: { title: "Log in", text: "The dashboard shows what your Kubernetes user may see. It needs a token of yours." },
  TokenRefused: {
    title: "The token was refused",
    text: "The cluster did not take it: it is cut off, of another cluster, or of a ServiceAccount that is gone. Make a new one.",
  },
  TokenExpired: { title: "Your session is over", text: "Its token has expired. Make a new one; the page that you were on comes back." },
  ProxyRefused: {
    title: "The proxy did not say who you are",
    text: "This dashboard stands behind a proxy that logs users in. Open it by the proxy's address; if you did, tell an administrator.",
  },
  ReviewUnavailable: {
    title: "Your rights could not be asked for",
    text: "The API server did not answer. Nothing is shown until it does; try again in a moment.",
  },
};
