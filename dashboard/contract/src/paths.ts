const api = "/api/v1";
const batch = `${api}/namespaces/:namespace/batchchanges/:name`;
const repository = `${batch}/repositories/:changeset`;

/** Every path that the server answers; words after a colon are parameters. This file needs nothing, so that a browser can load it. */
export const paths = {
  batches: `${api}/batchchanges`,
  batch,
  repositories: `${batch}/repositories`,
  batchUsage: `${batch}/usage`,
  burndown: `${batch}/burndown`,
  repository,
  patch: `${repository}/patch`,
  patchFiles: `${repository}/patch/files`,
  transcript: `${repository}/transcript`,
  transcriptOutline: `${repository}/transcript/outline`,
  transcriptSearch: `${repository}/transcript/search`,
  transcriptRaw: `${repository}/transcript/raw`,
  usage: `${api}/usage`,
  failures: `${api}/failures`,
  report: `${api}/export`,
  limits: `${api}/limits`,
  me: `${api}/me`,
  loginFacts: `${api}/login`,
  login: `${api}/login`,
  logout: `${api}/logout`,
  stream: `${api}/stream`,
  openapi: `${api}/openapi.json`,
} as const;
