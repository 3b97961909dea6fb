import { routes } from "@codybatch/dashboard-contract";
import type { Viewer } from "../access/viewer.ts";
import { detailRights, openBatch, requireReady, requireRight } from "../access/sight.ts";
import { repositoryDetail } from "../detail/repository.ts";
import type { Binder } from "../http/bind.ts";
import type { Context } from "../http/context.ts";
import { patchFiles } from "../payload/patch-files.ts";
import { readPatch, type Patch } from "../payload/patch.ts";
import { rangeOf } from "../payload/range.ts";
import { readSubject, type Subject } from "../payload/subject.ts";
import type { Response } from "express";

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly changeset: string;
}

export interface Opened {
  readonly subject: Subject;
  /** Claim of the batch, where its results lie on one. */
  readonly claim: string | undefined;
}

/** One repository that the viewer may see, with a right for one of its payloads where that is asked. */
export async function openRepository(
  context: Context,
  viewer: Viewer,
  { namespace, name, changeset }: Named,
  right?: "patch" | "transcript",
): Promise<Opened> {
  requireReady(context);
  const { claim } = await openBatch(context, viewer, namespace, name);
  if (right !== undefined) await requireRight(context, viewer, right, namespace);
  return { subject: await readSubject(context.client, namespace, name, changeset), claim };
}

const mostFiles = 5000;

/** What one repository shows, and its patch. */
export function repositoryRoutes(binder: Binder, context: Context): void {
  const { catalogue, shelf } = context;
  binder.json(routes.repository, async ({ viewer, params }) => {
    const opened = await openRepository(context, viewer, params);
    const rights = await detailRights(context, viewer, params.namespace);
    return { ...catalogue.freshness(), ...(await repositoryDetail({ shelf, viewer, rights, ...opened })) };
  });
  binder.json(routes.patchFiles, async ({ viewer, params, query }) => {
    const { subject, claim } = await openRepository(context, viewer, params, "patch");
    const { attempt, digest, baseCommit, live, bytes } = await readPatch(shelf, subject, query.attempt, claim);
    const files = patchFiles(bytes);
    return {
      attempt,
      digest,
      baseCommit,
      live,
      bytes: bytes.length,
      files: files.slice(0, mostFiles),
      more: Math.max(0, files.length - mostFiles),
    };
  });
  binder.stream(routes.patch, async ({ viewer, params, query, request, response }) => {
    const { subject, claim } = await openRepository(context, viewer, params, "patch");
    const patch = await readPatch(shelf, subject, query.attempt, claim);
    if (query.download === true) attach(response, `${params.changeset}-${patch.attempt}.patch`);
    sendPatch(response, patch, request.get("range"));
  });
}

function sendPatch(response: Response, { attempt, digest, baseCommit, live, bytes }: Patch, header: string | undefined): void {
  const range = rangeOf(header, bytes.length);
  response.type("text/x-diff; charset=utf-8");
  response.setHeader("accept-ranges", "bytes");
  response.setHeader("x-codybatch-attempt", attempt);
  response.setHeader("x-codybatch-digest", digest);
  response.setHeader("x-codybatch-base-commit", baseCommit);
  response.setHeader("x-codybatch-live", String(live));
  if (range === undefined) {
    response.end(bytes);
    return;
  }
  response.status(206).setHeader("content-range", `bytes ${range.start}-${range.end - 1}/${bytes.length}`);
  response.end(bytes.subarray(range.start, range.end));
}

/** The name is made of names of objects and numbers, so nothing in it needs quoting. */
export function attach(response: Response, name: string): void {
  response.setHeader("content-disposition", `attachment; filename="${name}"`);
}
