import { createHash, sign } from "node:crypto";
import { keyType, type SigningKey } from "./key.ts";
import { string } from "./wire.ts";

const magic = Buffer.from("SSHSIG");
/** Git's own name for what is signed, so that no signature serves for anything else. */
const namespace = string("git");
const reserved = string("");
const hash = "sha512";
/** Where `ssh-keygen` breaks lines. */
const columns = 70;

/** The SSH signature of a commit's bytes, as `ssh-keygen -Y sign -n git` makes it (PROTOCOL.sshsig of OpenSSH). */
export function sshSignature({ privateKey, publicKey }: SigningKey, payload: Uint8Array): string {
  const digest = string(createHash(hash).update(payload).digest());
  const signed = sign(null, Buffer.concat([magic, namespace, reserved, string(hash), digest]), privateKey);
  const version = Buffer.from([0, 0, 0, 1]);
  const signature = string(Buffer.concat([string(keyType), string(signed)]));
  const blob = Buffer.concat([magic, version, string(publicKey), namespace, reserved, string(hash), signature]);
  const lines = blob.toString("base64").match(new RegExp(`.{1,${columns}}`, "g")) ?? [];
  return ["-----BEGIN SSH SIGNATURE-----", ...lines, "-----END SSH SIGNATURE-----"].join("\n");
}

/** A commit's bytes with the signature as the last line of its head, where git puts it. */
export function signedCommit(key: SigningKey, commit: Buffer, objectFormat: "sha1" | "sha256"): Buffer {
  const end = commit.indexOf("\n\n") + 1;
  const name = objectFormat === "sha1" ? "gpgsig" : "gpgsig-sha256";
  const header = `${name} ${sshSignature(key, commit).replaceAll("\n", "\n ")}\n`;
  return Buffer.concat([commit.subarray(0, end), Buffer.from(header), commit.subarray(end)]);
}
