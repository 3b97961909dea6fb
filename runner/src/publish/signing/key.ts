import { createPrivateKey, type KeyObject } from "node:crypto";
import { Refused } from "../fault.ts";
import { Reader } from "./wire.ts";

/** The only kind of key whose signature of the same text is always the same, so that the commit's SHA is, too. */
export const keyType = "ssh-ed25519";

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** As SSH writes it: type and point. */
  readonly publicKey: Buffer;
}

const magic = "openssh-key-v1\0";
const armor = /^-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----$/;

/** Reads a private key as `ssh-keygen` writes it (PROTOCOL.key of OpenSSH). Throws {@link Refused}. */
export function parseSigningKey(text: string): SigningKey {
  const body = armor.exec(text.trim())?.[1];
  if (body === undefined)
    throw unusable(/^(ssh|ecdsa|sk)-/.test(text) ? "is the public half of a key" : "is no private key in OpenSSH's form");
  const bytes = Buffer.from(body, "base64");
  if (bytes.toString("latin1", 0, magic.length) !== magic) throw unusable("is no private key in OpenSSH's form");
  try {
    return unpacked(new Reader(bytes.subarray(magic.length)));
  } catch (error) {
    if (error instanceof RangeError) throw unusable("is not whole");
    throw error;
  }
}

function unpacked(outer: Reader): SigningKey {
  const cipher = outer.string().toString();
  const [, , count] = [outer.string(), outer.string(), outer.number()];
  const publicKey = outer.string();
  const type = new Reader(publicKey).string().toString();
  if (type !== keyType)
    throw unusable(
      `is of type ${/^[a-z0-9@.-]{1,60}$/.test(type) ? type : "unknown"}, whose signatures would make another commit each time`,
    );
  if (cipher !== "none") throw unusable("has a passphrase, for which nobody can be asked");
  const inner = new Reader(outer.string());
  const isWhole = inner.number() === inner.number() && inner.string().toString() === keyType;
  const point = inner.string();
  const seed = inner.string().subarray(0, 32);
  if (count !== 1 || !isWhole || point.length !== 32 || seed.length !== 32) throw unusable("is not whole");
  const jwk = { kty: "OKP", crv: "Ed25519", x: point.toString("base64url"), d: seed.toString("base64url") };
  return { privateKey: createPrivateKey({ key: jwk, format: "jwk" }), publicKey };
}

function unusable(fact: string): Refused {
  const remedy =
    'Make one by `ssh-keygen -t ed25519 -N "" -f signing.key` and put that file into the Secret that spec.credentials.githubWriteSecret names, or take the key out; then publish again.';
  return new Refused("SigningKeyUnusable", `The key signing.key of the write Secret ${fact}. ${remedy}`);
}
