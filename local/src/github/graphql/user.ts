import { nodeId } from "../rest/view/links.ts";
import type { Account } from "../state/model.ts";
import type { Asking } from "./asking.ts";
import type { Fields } from "./field.ts";

export function userByEmail(asking: Asking, email: string): Fields | null {
  const found = asking.site.store.world.accounts.find((one) => one.email === email && one.kind === "User");
  return found === undefined ? null : userFields(asking, found);
}

export function userFields({ links }: Asking, { id, login, name, kind }: Account): Fields {
  const typename = kind === "Organization" ? "Organization" : "User";
  return { __typename: typename, id: nodeId("U", id), databaseId: id, login, name, url: `${links.web}/${login}` };
}

/** A bot's login has no `[bot]` here, unlike in REST. */
export function actorFields(asking: Asking, account: Account): Fields {
  const fields = userFields(asking, account);
  return account.kind === "Bot" ? { ...fields, __typename: "Bot", login: account.login.replace(/\[bot\]$/, "") } : fields;
}
