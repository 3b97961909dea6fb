/** Why no token was made, before it is put into the words of the container that follows. */
export type MintRefusalKind = "KeyMissing" | "AppRejected" | "AppNotInstalled" | "PermissionMissing";

/** A person has to act; `message` says what was wrong and what to do. */
export class MintRefusal extends Error {
  readonly kind: MintRefusalKind;

  constructor(kind: MintRefusalKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MintRefusal";
    this.kind = kind;
  }
}
