import { z } from "zod";
import type { Api } from "../api.ts";
import { parseBody } from "../http/body.ts";
import { jsonAnswer } from "../http/exchange.ts";
import type { Answer, ApiRequest } from "../http/exchange.ts";
import { badRequest, methodNotAllowed } from "../http/status.ts";
import { isPlainObject } from "../object.ts";
import type { PlainObject } from "../object.ts";
import { accountOf } from "./token.ts";
import { anonymous, attributeFields, denies } from "./user.ts";
import type { Denial, User } from "./user.ts";
import { virtualKinds } from "./virtual.ts";
import type { VirtualKind } from "./virtual.ts";

/** Answers a question about users, or returns undefined when the path is none. Nothing here decides over requests. */
export function answerReview(api: Api, request: ApiRequest): Answer | undefined {
  const asked = virtualKinds.find(({ group, version, plural }) => request.path === `/apis/${group}/${version}/${plural}`);
  if (asked === undefined) return undefined;
  if (request.method !== "POST") throw methodNotAllowed();
  const body = parseBody(request.body, request.contentType);
  if (!isPlainObject(body)) throw badRequest(`${asked.kind} cannot be read: the body must be one object`);
  const { group, version, kind } = asked;
  const status = answers[kind](api, request, body);
  return jsonAnswer(201, { metadata: {}, ...body, apiVersion: `${group}/${version}`, kind, status });
}

type Reviewer = (api: Api, request: ApiRequest, body: PlainObject) => PlainObject;

const answers: Readonly<Record<VirtualKind, Reviewer>> = {
  TokenReview: reviewToken,
  SelfSubjectReview: (api, request) => ({ userInfo: userInfo(sender(api, request)) }),
  SubjectAccessReview: reviewAccess,
  SelfSubjectAccessReview: (api, request, body) => verdict(sender(api, request), attributesOf(body)),
};

function userOf(api: Api, token: string): User | undefined {
  return api.users.find((user) => user.token === token) ?? accountOf(api, token);
}

function sender(api: Api, { token }: ApiRequest): User {
  return token === undefined ? anonymous : (userOf(api, token) ?? anonymous);
}

function userInfo({ username, uid, groups, extra }: User): PlainObject {
  return { username, ...(uid === undefined ? {} : { uid }), groups, ...(extra === undefined ? {} : { extra }) };
}

const TokenSpec = z.looseObject({ spec: z.looseObject({ token: z.string().default(""), audiences: z.array(z.string()).nullish() }) });

function reviewToken(api: Api, _request: ApiRequest, body: PlainObject): PlainObject {
  const parsed = TokenSpec.safeParse(body);
  if (!parsed.success) throw badRequest(`TokenReview cannot be read: ${z.prettifyError(parsed.error)}`);
  const user = userOf(api, parsed.data.spec.token);
  if (user === undefined) return { authenticated: false, error: "the token is not known, has expired, or its account is gone" };
  return { authenticated: true, user: userInfo(user), audiences: parsed.data.spec.audiences ?? [] };
}

const AccessSpec = z.looseObject({
  spec: z.looseObject({
    user: z.string().optional(),
    resourceAttributes: z.object(attributeFields).optional(),
  }),
});

function attributesOf(body: PlainObject): Denial {
  const parsed = AccessSpec.safeParse(body);
  if (!parsed.success) throw badRequest(`the access review cannot be read: ${z.prettifyError(parsed.error)}`);
  return parsed.data.spec.resourceAttributes ?? {};
}

function reviewAccess(api: Api, _request: ApiRequest, body: PlainObject): PlainObject {
  const parsed = AccessSpec.safeParse(body);
  const username = parsed.success ? parsed.data.spec.user : undefined;
  return verdict(api.users.find((user) => user.username === username) ?? anonymous, attributesOf(body));
}

function verdict(user: User, attributes: Denial): PlainObject {
  const denied = user.deny.some((denial) => denies(denial, attributes));
  return denied ? { allowed: false, denied: true, reason: "denied by the table of test users" } : { allowed: true };
}
