import type { Permissions } from "./permission.ts";

/** A credential by name; its text is never logged. */
export interface Token {
  readonly name: string;
  readonly text: string;
  /** Login of the user, or of the App's bot. */
  readonly actor: string;
  readonly kind: "personal" | "installation";
  readonly permissions: Permissions;
  /** Ids of the repositories it is for; undefined is every one that its owner has. */
  readonly repositories: readonly number[] | undefined;
  /** Account to which an installation belongs; what lies elsewhere is foreign to it. */
  readonly account: string | undefined;
  /** Milliseconds; undefined never. */
  readonly expiresAt: number | undefined;
}

/** Every credential that is known, by its text. */
export class Tokens {
  readonly #byText = new Map<string, Token>();

  add(token: Token): void {
    this.#byText.set(token.text, token);
  }

  find(text: string): Token | undefined {
    return this.#byText.get(text);
  }

  named(name: string): Token | undefined {
    return [...this.#byText.values()].find((token) => token.name === name);
  }

  /** As when its owner revokes it. */
  revoke(name: string): void {
    const token = this.named(name);
    if (token !== undefined) this.#byText.delete(token.text);
  }
}

/** The secret of an Authorization header: `Bearer x`, `token x`, or the password of basic auth (or its user when that is all there is). */
export function secretOf(header: string | undefined): string | undefined {
  const [, scheme = "", value = ""] = /^(\S+) +(\S+)$/.exec(header ?? "") ?? [];
  if (/^(bearer|token)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return header === undefined ? undefined : "";
  const [user = "", password = ""] = Buffer.from(value, "base64").toString("utf8").split(":", 2);
  return password === "" || password === "x-oauth-basic" ? user : password;
}
