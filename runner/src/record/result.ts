import { gzipSync } from "node:zlib";
import { mostGzippedResult, mostPlainResult, recordKey, type StoredResult } from "@codybatch/crds";
import type { Log } from "../log.ts";
import type { Payload } from "./config-map.ts";

/** A result as its ConfigMap holds it. One that even gzipped is more than a ConfigMap takes is left out, and its reader finds none. */
export function packed(result: StoredResult, log: Log): Payload {
  const text = Buffer.from(JSON.stringify(result));
  if (text.length <= mostPlainResult) return { data: { [recordKey.result]: text.toString("utf8") } };
  const gz = gzipSync(text);
  if (gz.length <= mostGzippedResult) return { binary: { [recordKey.resultGz]: gz } };
  log.error({ bytes: gz.length, limit: mostGzippedResult }, "the result is more than a ConfigMap takes");
  return {};
}
