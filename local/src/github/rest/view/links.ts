import type { Repository } from "../../state/model.ts";
import { nameOf } from "../../state/store.ts";

/** Where things are, as the client that asks would reach them. */
export interface Links {
  /** Base of REST, without a slash at the end. */
  readonly api: string;
  /** Base of pages and of git. */
  readonly web: string;
}

export function apiOf(links: Links, repository: Repository): string {
  return `${links.api}/repos/${nameOf(repository)}`;
}

export function webOf(links: Links, repository: Repository): string {
  return `${links.web}/${nameOf(repository)}`;
}

/** What GitHub calls a global id: opaque. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(String(id)).toString("base64url")}`;
}

/** GitHub writes times to the second. */
export function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}
