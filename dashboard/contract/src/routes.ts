import { z } from "zod";
import { BatchDetail } from "./batch/detail.ts";
import { BatchList, BatchListQuery } from "./batch/list.ts";
import { BurndownAnswer } from "./burndown/answer.ts";
import { FailureQuery, FailureReport } from "./failure.ts";
import { BatchName, ChangesetName, NamespaceName } from "./field.ts";
import { AdminLimits } from "./limits.ts";
import { paths } from "./paths.ts";
import { PatchFiles, PatchFilesQuery, PatchQuery } from "./payload/patch.ts";
import {
  TranscriptAttemptQuery,
  TranscriptHits,
  TranscriptOutline,
  TranscriptPage,
  TranscriptQuery,
  TranscriptSearchQuery,
} from "./payload/transcript.ts";
import { ExportQuery } from "./report.ts";
import { RepositoryDetail } from "./repository/detail.ts";
import { RepositoryList, RepositoryListQuery } from "./repository/list.ts";
import type { Route } from "./route.ts";
import { LoggedIn, LoggedOut, LoginBody, LoginFacts, Me } from "./session.ts";
import { StreamQuery } from "./stream.ts";
import { BatchUsage, UsageQuery, UsageReport } from "./usage.ts";

const nothing = z.strictObject({});
const ofBatch = z.strictObject({ namespace: NamespaceName, name: BatchName });
const ofRepository = ofBatch.extend({ changeset: ChangesetName });

const json = <S extends z.ZodType>(schema: S) => ({ media: "application/json", schema }) as const;
const get = { method: "GET", session: true, params: nothing, query: nothing, faults: [] } as const;
const one = { ...get, params: ofBatch, faults: ["NotFound"] } as const;
const part = { ...get, params: ofRepository, faults: ["Forbidden", "NotFound", "Gone"] } as const;

/** Every route: handlers, client and openapi.json follow from it. */
export const routes = {
  batches: {
    ...get,
    path: paths.batches,
    summary: "Batches that the viewer may see.",
    query: BatchListQuery,
    answer: json(BatchList),
    faults: ["Forbidden"],
  },
  batch: { ...one, path: paths.batch, summary: "One batch, without its repositories.", answer: json(BatchDetail) },
  repositories: {
    ...one,
    path: paths.repositories,
    summary: "Repositories of a batch.",
    query: RepositoryListQuery,
    answer: json(RepositoryList),
  },
  batchUsage: {
    ...one,
    path: paths.batchUsage,
    summary: "What a batch used.",
    answer: json(BatchUsage),
    faults: ["Forbidden", "NotFound"],
  },
  burndown: { ...one, path: paths.burndown, summary: "How a batch went, as steps.", answer: json(BurndownAnswer) },
  repository: {
    ...part,
    path: paths.repository,
    summary: "One repository of a batch.",
    answer: json(RepositoryDetail),
    faults: ["NotFound"],
  },
  patch: {
    ...part,
    path: paths.patch,
    summary: "A patch, or a range of its bytes (Range, 206).",
    query: PatchQuery,
    answer: { media: "text/x-diff" },
    faults: ["Forbidden", "NotFound", "Gone", "TooLarge", "RangeNotSatisfiable"],
  },
  patchFiles: {
    ...part,
    path: paths.patchFiles,
    summary: "Files of a patch and where they lie in it.",
    query: PatchFilesQuery,
    answer: json(PatchFiles),
  },
  transcript: {
    ...part,
    path: paths.transcript,
    summary: "Events of a transcript, page by page.",
    query: TranscriptQuery,
    answer: json(TranscriptPage),
  },
  transcriptOutline: {
    ...part,
    path: paths.transcriptOutline,
    summary: "Errors and turns of a whole transcript.",
    query: TranscriptAttemptQuery,
    answer: json(TranscriptOutline),
  },
  transcriptSearch: {
    ...part,
    path: paths.transcriptSearch,
    summary: "Finds a text in a whole transcript.",
    query: TranscriptSearchQuery,
    answer: json(TranscriptHits),
  },
  transcriptRaw: {
    ...part,
    path: paths.transcriptRaw,
    summary: "The stored lines as an attachment.",
    query: TranscriptAttemptQuery,
    answer: { media: "application/jsonl" },
  },
  usage: {
    ...get,
    path: paths.usage,
    summary: "Usage and rates over batches.",
    query: UsageQuery,
    answer: json(UsageReport),
    faults: ["Forbidden"],
  },
  failures: {
    ...get,
    path: paths.failures,
    summary: "Failed repositories over all batches, by reason.",
    query: FailureQuery,
    answer: json(FailureReport),
    faults: ["Forbidden"],
  },
  report: {
    ...get,
    path: paths.report,
    summary: "One batch as CSV, JSON or Markdown, as an attachment.",
    query: ExportQuery,
    answer: { media: "text/csv" },
    faults: ["NotFound"],
  },
  limits: { ...get, path: paths.limits, summary: "What the administrator allows.", answer: json(AdminLimits) },
  me: { ...get, path: paths.me, summary: "Who the viewer is and what they may see.", answer: json(Me) },
  stream: {
    ...get,
    path: paths.stream,
    summary: "Changes as server-sent events.",
    query: StreamQuery,
    answer: { media: "text/event-stream" },
  },
  loginFacts: { ...get, session: false, path: paths.loginFacts, summary: "What the login page says.", answer: json(LoginFacts) },
  login: {
    ...get,
    method: "POST",
    session: false,
    path: paths.login,
    summary: "Begins a session.",
    body: LoginBody,
    answer: json(LoggedIn),
    faults: ["Forbidden"],
  },
  logout: { ...get, session: false, path: paths.logout, summary: "Ends the session.", answer: json(LoggedOut) },
  openapi: {
    ...get,
    session: false,
    path: paths.openapi,
    summary: "This description.",
    answer: json(z.looseObject({ openapi: z.string() })),
  },
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
/** Routes that answer with JSON. */
export type JSONRoute = { [N in RouteName]: Routes[N]["answer"] extends { readonly schema: z.ZodType } ? N : never }[RouteName];

export type ParamsOf<N extends RouteName> = z.output<Routes[N]["params"]>;
export type QueryOf<N extends RouteName> = z.output<Routes[N]["query"]>;
/** What a client writes: texts, as they stand in the URL. */
export type QueryInputOf<N extends RouteName> = z.input<Routes[N]["query"]>;
export type AnswerOf<N extends RouteName> = Routes[N]["answer"] extends { readonly schema: infer S extends z.ZodType }
  ? z.output<S>
  : never;
