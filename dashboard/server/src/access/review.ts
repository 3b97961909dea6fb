import type { Needs } from "@codybatch/dashboard-contract";
import { z } from "zod";
import type { Viewer } from "./viewer.ts";

/** Posts a question to the API server and gives its answer; such kinds are never stored. */
export type Ask = (path: string, body: object) => Promise<unknown>;

const tokenReviews = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", path: "/apis/authentication.k8s.io/v1/tokenreviews" };
const accessReviews = {
  apiVersion: "authorization.k8s.io/v1",
  kind: "SubjectAccessReview",
  path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
};

const TokenAnswer = z.object({
  status: z.object({
    authenticated: z.boolean().default(false),
    audiences: z.array(z.string()).default([]),
    user: z
      .object({
        username: z.string().default(""),
        uid: z.string().optional(),
        groups: z.array(z.string()).nullish(),
        extra: z.record(z.string(), z.array(z.string())).nullish(),
      })
      .optional(),
  }),
});
const AccessAnswer = z.object({ status: z.object({ allowed: z.boolean().default(false), denied: z.boolean().default(false) }) });

/** Whose token it is by the API server's word; undefined when it is nobody's, or not meant for the audience. */
export async function reviewToken(ask: Ask, token: string, audience: string | undefined): Promise<Viewer | undefined> {
  const spec = { token, ...(audience === undefined ? {} : { audiences: [audience] }) };
  const answer = TokenAnswer.parse(await post(ask, tokenReviews, spec));
  const { authenticated, audiences, user } = answer.status;
  if (!authenticated || user === undefined || user.username === "") return undefined;
  // An API server that knows no audiences answers without any: then the token may be meant for somebody else.
  if (audience !== undefined && !audiences.includes(audience)) return undefined;
  return {
    user: user.username,
    groups: user.groups ?? [],
    ...(user.uid === undefined ? {} : { uid: user.uid }),
    ...(user.extra === undefined || user.extra === null ? {} : { extra: user.extra }),
  };
}

/** Whether the viewer has a right by the API server's word. */
export async function reviewAccess(ask: Ask, viewer: Viewer, { verb, group, resource, namespace }: Needs): Promise<boolean> {
  const [name = "", subresource] = resource.split("/");
  const resourceAttributes = {
    verb,
    group,
    resource: name,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
  };
  const { user, uid, groups, extra } = viewer;
  const spec = { user, groups, ...(uid === undefined ? {} : { uid }), ...(extra === undefined ? {} : { extra }), resourceAttributes };
  const { status } = AccessAnswer.parse(await post(ask, accessReviews, spec));
  return status.allowed && !status.denied;
}

function post(ask: Ask, { path, ...type }: typeof tokenReviews, spec: object): Promise<unknown> {
  return ask(path, { ...type, metadata: {}, spec });
}
