import { Environment as OperatorEnvironment, form } from "@codybatch/operator";
import { z } from "zod";

const timing = (fallback: number) => form.seconds.default(fallback).meta({ remedy: `set seconds, or leave it out for ${fallback}` });
const ipAddress = z.string().regex(/^[0-9a-fA-F.:]+$/, "must be an IP address");
const folder = z.string().regex(/^\//, "must be an absolute path");

/** A claim with results that is mounted into the server: its namespace, its name, and where. */
export const MountedClaim = z.strictObject({ namespace: form.namespace, claim: form.objectName, directory: folder });
export type MountedClaim = z.infer<typeof MountedClaim>;

const { CODYBATCH_API_URL, KUBECONFIG, KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT, CODYBATCH_WATCH_NAMESPACES, CODYBATCH_LIMITS } =
  OperatorEnvironment.shape;

/** Every variable that the dashboard knows. `remedy` is what a refusal advises. */
export const Environment = z.object({
  CODYBATCH_API_URL,
  KUBECONFIG,
  KUBERNETES_SERVICE_HOST,
  KUBERNETES_SERVICE_PORT,
  CODYBATCH_WATCH_NAMESPACES,
  CODYBATCH_LIMITS,
  CODYBATCH_LOG_LEVEL: OperatorEnvironment.shape.CODYBATCH_LOG_LEVEL,
  CODYBATCH_WATCH_SILENCE_SECONDS: timing(150),
  CODYBATCH_RELIST_SECONDS: timing(600),
  CODYBATCH_REQUEST_TIMEOUT_SECONDS: timing(15),
  CODYBATCH_DASHBOARD_HOST: ipAddress.optional().meta({ remedy: "set an address to listen on, such as 0.0.0.0" }),
  CODYBATCH_DASHBOARD_PORT: form
    .wholeNumber(0, 65_535)
    .default(8080)
    .meta({ remedy: "set a port, 0 for any free one, or leave it out for 8080" }),
  CODYBATCH_DASHBOARD_METRICS_PORT: form
    .wholeNumber(0, 65_535)
    .default(8081)
    .meta({ remedy: "set a port, 0 for any free one, or leave it out for 8081" }),
  CODYBATCH_DASHBOARD_URL: form.webURL.optional().meta({ remedy: "set the address that browsers use, such as https://cody-batch.example" }),
  CODYBATCH_DASHBOARD_WEB_DIR: folder
    .optional()
    .meta({ remedy: "set the folder of the built web client, or leave it out for the API alone" }),
  CODYBATCH_DASHBOARD_AUTH: z
    .enum(["token", "proxy", "none"], "must be token, proxy or none")
    .default("token")
    .meta({ remedy: "leave it out for token" }),
  CODYBATCH_DASHBOARD_AUDIENCE: z
    .string()
    .regex(/^[A-Za-z0-9][-A-Za-z0-9._:/]{0,200}$/, "must be an audience such as codybatch-dashboard")
    .default("codybatch-dashboard")
    .meta({ remedy: "leave it out for codybatch-dashboard" }),
  CODYBATCH_DASHBOARD_ACCEPT_CLUSTER_TOKENS: form.flag
    .default(true)
    .meta({ remedy: "set false to take only tokens that were made for the dashboard" }),
  CODYBATCH_DASHBOARD_PROXY_PEERS: form
    .commaList(z.string().regex(/^[0-9a-fA-F.:]+(\/[0-9]{1,3})?$/, "must be IP addresses or ranges such as 10.0.0.0/8"))
    .default([])
    .meta({ remedy: "set the addresses from which the proxy comes, commas between" }),
  CODYBATCH_DASHBOARD_PROXY_SECRET_FILE: folder.optional().meta({ remedy: "set the file with the secret that the proxy sends" }),
  CODYBATCH_DASHBOARD_CLAIMS: form
    .json(z.array(MountedClaim).max(20))
    .prefault("[]")
    .meta({ remedy: 'set a JSON list such as [{"namespace": "team-a", "claim": "results", "directory": "/results"}]' }),
  CODYBATCH_DASHBOARD_REQUESTS_PER_MINUTE: form.wholeNumber(10, 100_000).default(1200).meta({ remedy: "leave it out for 1200 by address" }),
  CODYBATCH_DASHBOARD_LOGINS_PER_MINUTE: form.wholeNumber(1, 1000).default(10).meta({ remedy: "leave it out for 10 by address" }),
  CODYBATCH_DASHBOARD_MOST_STREAMS: form.wholeNumber(1, 10_000).default(500).meta({ remedy: "leave it out for 500" }),
  CODYBATCH_DASHBOARD_TOKEN_CACHE_SECONDS: timing(60),
  CODYBATCH_DASHBOARD_RIGHTS_CACHE_SECONDS: timing(30),
  CODYBATCH_DASHBOARD_SESSION_SECONDS: timing(43_200),
  CODYBATCH_DASHBOARD_HEARTBEAT_SECONDS: timing(15),
  CODYBATCH_DASHBOARD_COALESCE_SECONDS: timing(1),
  CODYBATCH_DASHBOARD_LIVE_SECONDS: timing(5),
  CODYBATCH_DASHBOARD_PING_SECONDS: timing(5),
  CODYBATCH_DASHBOARD_STAND_IN: form.flag.default(false).meta({ remedy: "it is for the demo, whose answers do not come from Claude" }),
});
export type Environment = z.infer<typeof Environment>;
