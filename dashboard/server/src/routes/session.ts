import { LoginBody, openapi, routes, type AdminLimits, type Me } from "@codybatch/dashboard-contract";
import express, { type Request, type Router } from "express";
import { detailRights } from "../access/sight.ts";
import type { Viewer } from "../access/viewer.ts";
import type { Config } from "../config.ts";
import { checked, type Binder } from "../http/bind.ts";
import type { Context } from "../http/context.ts";
import { loginRate } from "../http/rate.ts";
import { Refusal } from "../http/refusal.ts";

/** Who is there and what they may; the way in and out. */
export function sessionRoutes(binder: Binder, context: Context): void {
  binder.json(routes.me, ({ viewer }) => meOf(context, viewer));
  binder.json(routes.limits, () => limitsOf(context.config));
}

/** Routes that answer without a session. */
export function openRoutes(router: Router, { config, door, log }: Context): void {
  const description = openapi();
  router.get(routes.openapi.path, (_request, response) => void response.json(description));
  router.get(routes.loginFacts.path, (_request, response) => void response.json(factsOf(config)));
  router.get(routes.logout.path, (request, response) => {
    door.logout(request, response);
    response.json({ message: "You are logged out." });
  });
  const body = express.json({ limit: "32kb", strict: true, type: "application/json" });
  router.post(routes.login.path, loginRate(config.perMinute.logins), body, async (request, response) => {
    requireSameOrigin(request, config.publicURL);
    const { token } = checked(LoginBody, request.body);
    const { user, expiresAt } = await door.login(request, response, token);
    log.info({ user }, "logged in");
    response.json({ user, ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }) });
  });
}

/** The one request that begins something: no other site may send it. */
function requireSameOrigin(request: Request, publicURL: string | undefined): void {
  const origin = request.get("origin");
  const site = request.get("sec-fetch-site");
  const own = [request.get("host"), ...(publicURL === undefined ? [] : [new URL(publicURL).host])];
  const isOwn = origin === undefined || (URL.canParse(origin) && own.includes(new URL(origin).host));
  if (!isOwn || (site !== undefined && site !== "same-origin" && site !== "none")) {
    throw new Refusal(
      "Forbidden",
      "A login is taken from the dashboard's own page alone. Behind a proxy, set the dashboard's public address.",
    );
  }
}

function factsOf({ auth }: Config) {
  const command = auth.mode === "token" ? { command: `kubectl create token SERVICE-ACCOUNT -n NAMESPACE --audience=${auth.audience}` } : {};
  return { mode: auth.mode, ...command, acceptsClusterTokens: auth.mode === "token" && auth.acceptClusterTokens };
}

async function meOf(context: Context, viewer: Viewer): Promise<Me> {
  const { catalogue, rights, config } = context;
  const reach = await rights.reach(viewer, "list", catalogue.namespaces);
  const seen = catalogue.namespaces.filter(reach.has).toSorted();
  const namespaces = await Promise.all(seen.map(async (namespace) => ({ namespace, ...(await detailRights(context, viewer, namespace)) })));
  return {
    user: viewer.user,
    groups: [...viewer.groups],
    mode: config.auth.mode,
    ...(viewer.expiresAt === undefined ? {} : { expiresAt: new Date(viewer.expiresAt).toISOString() }),
    everywhere: reach.everywhere,
    namespaces,
    cost: namespaces.some(({ cost }) => cost) || (await rights.may(viewer, "cost")),
    version: context.version,
    standIn: config.standIn,
  };
}

function limitsOf({ limits }: Config): AdminLimits {
  const { prices, maxTotalMiB: _total, maxPerChangesetMiB: _each, runningJobs: _jobs, ...shown } = limits;
  return {
    ...shown,
    prices: prices.flatMap(({ model, tiers: [tier] }) =>
      tier === undefined ? [] : [{ model, inputUSD: tier.input, outputUSD: tier.output }],
    ),
  };
}
