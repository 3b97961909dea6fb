import { z } from "zod";
import { At } from "./field.ts";

export const authModes = ["token", "proxy", "none"] as const;

export const LoginBody = z.strictObject({
  token: z.string().min(1).max(16_384).meta({ description: "A Kubernetes bearer token. It is not stored in the browser." }),
});

export const LoggedIn = z.object({ user: z.string(), expiresAt: At.optional() });
export type LoggedIn = z.infer<typeof LoggedIn>;

export const LoggedOut = z.object({ message: z.string() });

/** What the login page needs; answered without a session, so it names no object. */
export const LoginFacts = z.object({
  mode: z.enum(authModes),
  command: z.string().optional().meta({ description: "The line that makes a token, in mode token." }),
  acceptsClusterTokens: z.boolean().meta({ description: "Tokens without the dashboard's audience are taken, too." }),
});
export type LoginFacts = z.infer<typeof LoginFacts>;

const NamespaceRights = z.object({
  namespace: z.string(),
  transcript: z.boolean(),
  patch: z.boolean(),
  cost: z.boolean(),
});

/** Who the viewer is and what the dashboard shows them. */
export const Me = z.object({
  user: z.string(),
  groups: z.array(z.string()),
  mode: z.enum(authModes),
  expiresAt: At.optional(),
  everywhere: z.boolean().meta({ description: "May list batches in all namespaces, those made later, too." }),
  namespaces: z.array(NamespaceRights).meta({ description: "Namespaces with batches that the viewer may list." }),
  cost: z.boolean().meta({ description: "May see costs somewhere." }),
  version: z.string(),
  standIn: z.boolean().meta({ description: "The server belongs to a demo whose answers come from a scripted stand-in." }),
});
export type Me = z.infer<typeof Me>;
