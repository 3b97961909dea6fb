import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsOptions } from "node:tls";

/** A certificate authority that nobody knows, and one certificate of it. */
export interface Authority {
  /** PEM file of the authority. */
  readonly caFile: string;
  readonly server: Required<Pick<TlsOptions, "key" | "cert">>;
}

const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes both in a folder, the certificate for these names. */
export function makeAuthority(folder: string, ...names: readonly string[]): Authority {
  const openssl = (...args: readonly string[]): void =>
    void execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  openssl("req", "-x509", ...curve, "-days", "2", "-subj", "/CN=private", "-keyout", "ca.key", "-out", "ca.crt");
  openssl("req", ...curve, "-subj", `/CN=${names[0]}`, "-keyout", "server.key", "-out", "server.csr");
  writeFileSync(join(folder, "names"), `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}\n`);
  const issue = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
  openssl("x509", "-req", "-in", "server.csr", ...issue, "-out", "server.crt");
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  return { caFile: join(folder, "ca.crt"), server: { key: read("server.key"), cert: read("server.crt") } };
}
