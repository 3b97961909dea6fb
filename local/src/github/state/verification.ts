import { createHash, createPublicKey, verify } from "node:crypto";
import type { Commit } from "../git/commit.ts";
import type { Account } from "./model.ts";
import type { Store } from "./store.ts";

/** What GitHub says of a commit's signature. Only SSH signatures with ed25519 keys are understood. */
interface Verification {
  readonly verified: boolean;
  readonly reason: "unsigned" | "unknown_signature_type" | "no_user" | "unknown_key" | "invalid" | "valid";
  readonly signature: string | null;
  readonly payload: string | null;
  readonly verified_at: string | null;
}

export function verificationOf({ signature, committer }: Commit, store: Store): Verification {
  if (signature === undefined) return { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };
  const { armored, payload } = signature;
  const reason = reasonFor(
    armored,
    payload,
    store.world.accounts.find(({ email }) => email === committer.email),
  );
  const verified = reason === "valid";
  return { verified, reason, signature: armored, payload, verified_at: verified ? new Date(committer.at).toISOString() : null };
}

function reasonFor(armored: string, payload: string, account: Account | undefined): Verification["reason"] {
  const parts = partsOf(armored);
  if (parts === undefined) return "unknown_signature_type";
  if (account === undefined) return "no_user";
  const isOurs = account.signingKeys.some((line) => line.split(" ")[1] === parts.key.toString("base64"));
  if (!isOurs) return "unknown_key";
  return isSignedBy(parts, payload) ? "valid" : "invalid";
}

interface Parts {
  readonly key: Buffer;
  readonly namespace: Buffer;
  readonly hash: Buffer;
  readonly signature: Buffer;
}

/** The fields of an SSH signature (PROTOCOL.sshsig of OpenSSH). */
function partsOf(armored: string): Parts | undefined {
  const body = /-----BEGIN SSH SIGNATURE-----([^-]+)-----END SSH SIGNATURE-----/.exec(armored)?.[1];
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body, "base64");
  if (bytes.toString("latin1", 0, 6) !== "SSHSIG") return undefined;
  const [key, namespace, , hash, signature] = strings(bytes.subarray(10));
  return key === undefined || namespace === undefined || hash === undefined || signature === undefined
    ? undefined
    : { key, namespace, hash, signature };
}

function strings(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    found.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

function string(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function isSignedBy({ key, namespace, hash, signature }: Parts, payload: string): boolean {
  const [type, point] = strings(key);
  const [, raw] = strings(signature);
  const algorithm = hash.toString();
  if (type?.toString() !== "ssh-ed25519" || point === undefined || raw === undefined || !["sha256", "sha512"].includes(algorithm))
    return false;
  const digest = createHash(algorithm).update(payload).digest();
  const signed = Buffer.concat([Buffer.from("SSHSIG"), string(namespace), string(Buffer.alloc(0)), string(hash), string(digest)]);
  const jwk = { kty: "OKP", crv: "Ed25519", x: point.toString("base64url") };
  return namespace.toString() === "git" && verify(null, signed, createPublicKey({ key: jwk, format: "jwk" }), raw);
}
