import { gunzipSync } from "node:zlib";
import { decide, visitorOf } from "../access/visitor.ts";
import type { Decision, Visitor } from "../access/visitor.ts";
import type { Token } from "../access/token.ts";
import { textAnswer } from "../answer.ts";
import type { Answer } from "../answer.ts";
import { headerOf } from "../call.ts";
import type { Call } from "../call.ts";
import { Refusal } from "../refusal.ts";
import { gitOf } from "../site.ts";
import type { Site } from "../site.ts";
import type { Repository } from "../state/model.ts";
import { nameOf } from "../state/store.ts";
import { askGit } from "./backend.ts";
import { receive } from "./receive.ts";

/** A path of git's smart HTTP. */
export interface GitPath {
  readonly repository: string;
  readonly service: string;
  readonly operation: "git/refs" | "git/fetch" | "git/push";
}

const path = /^\/([^/]+\/[^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** What a path and its query ask of git, or undefined for any other path. */
export function gitPathOf(pathname: string, query: URLSearchParams): GitPath | undefined {
  const [, repository, verb] = path.exec(pathname) ?? [];
  if (repository === undefined || verb === undefined) return undefined;
  if (verb === "info/refs") return { repository, service: query.get("service") ?? "", operation: "git/refs" };
  return { repository, service: verb, operation: verb === "git-receive-pack" ? "git/push" : "git/fetch" };
}

/** Answers a request of git, in GitHub's words where it is refused. */
export async function serveGit(site: Site, call: Call, asked: GitPath): Promise<Answer> {
  const isPush = asked.service === "git-receive-pack";
  if (!isPush && asked.service !== "git-upload-pack") return textAnswer(403, "Please upgrade your git client.\n");
  const admitted = admit(site, call, asked.repository, isPush);
  if ("status" in admitted) return admitted;
  const { repository, token } = admitted;
  const body = headerOf(call.headers, "content-encoding") === "gzip" ? gunzipSync(call.body) : call.body;
  const verb = asked.operation === "git/refs" ? "info/refs" : asked.service;
  const request = {
    root: site.root,
    path: `${gitOf(site, repository).dir.slice(site.root.length)}/${verb}`,
    method: call.method,
    query: call.query.toString(),
    contentType: headerOf(call.headers, "content-type") ?? "",
    protocol: headerOf(call.headers, "git-protocol") ?? "",
    body,
  };
  if (asked.operation !== "git/push" || token === undefined) return askGit(request);
  return site.turns.take(nameOf(repository), () => receive(site, { repository, token, request, origin: call.origin }));
}

interface Admitted {
  readonly repository: Repository;
  readonly token: Token | undefined;
}

function admit(site: Site, call: Call, name: string, isPush: boolean): Admitted | Answer {
  const visitor = known(site, call);
  if (visitor === undefined)
    return unauthorized("Invalid username or token. Password authentication is not supported for Git operations.\n");
  const repository = site.store.repository(name);
  const decision = decisionOn(site, visitor, repository, isPush);
  if (visitor.kind === "anonymous" && (isPush || decision === "hidden")) return unauthorized("No anonymous write access.\n");
  if (repository === undefined || decision === "hidden") return textAnswer(404, "Repository not found.\n");
  if (decision === "denied" || visitor.kind === "app") return textAnswer(403, "Write access to repository not granted.\n");
  if (isPush && repository.archived) return textAnswer(403, "This repository was archived so it is read-only.\n");
  return { repository, token: visitor.kind === "token" ? visitor.token : undefined };
}

function decisionOn(site: Site, visitor: Visitor, repository: Repository | undefined, isPush: boolean): Decision {
  const level = isPush ? "write" : "read";
  return repository === undefined ? "hidden" : decide(visitor, repository, { permission: "contents", level }, site.store);
}

/** Undefined for a credential that is worth nothing. */
function known(site: Site, call: Call): Visitor | undefined {
  try {
    return visitorOf(call.headers.authorization, { tokens: site.tokens, apps: site.apps, now: site.now() });
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function unauthorized(text: string): Answer {
  return textAnswer(401, text, { "www-authenticate": 'Basic realm="GitHub"' });
}
