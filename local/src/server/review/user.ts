import { z } from "zod";

/** What a request is about, as access reviews name it. */
export const attributeFields = {
  verb: z.string().optional(),
  group: z.string().optional(),
  resource: z.string().optional(),
  subresource: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
};

const Denial = z.strictObject(attributeFields);

/** What a user may not do; an absent field stands for anything. */
export type Denial = z.infer<typeof Denial>;

/** A user of the table: known by the token, and allowed everything that is not denied. */
export const User = z.strictObject({
  token: z.string().min(1),
  username: z.string().min(1),
  uid: z.string().optional(),
  groups: z.array(z.string()).default([]),
  extra: z.record(z.string(), z.array(z.string())).optional(),
  deny: z.array(Denial).default([]),
});
export type User = Readonly<z.infer<typeof User>>;

/** Who sends requests without a token. */
export const anonymous: User = { token: "", username: "system:anonymous", groups: ["system:unauthenticated"], deny: [] };

/** Whether a denial speaks of this request. */
export function denies(denial: Denial, attributes: Denial): boolean {
  const keys = ["verb", "group", "resource", "subresource", "namespace", "name"] as const;
  return keys.every((key) => denial[key] === undefined || denial[key] === (attributes[key] ?? ""));
}
