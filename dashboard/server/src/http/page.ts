import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "@codybatch/operator";
import express, { type Request, type RequestHandler, type Response, type Router } from "express";
import { noncePlaceholder, nonceOf } from "./headers.ts";

const withoutBuild = `This is the API of the Cody Batch dashboard; its pages are not built here.

Build them with: npm run build:web
then set CODYBATCH_DASHBOARD_WEB_DIR to the whole path of dashboard/web/dist.

The API is described at /api/v1/openapi.json.
`;

/** The built web client: hashed files for a year, and one page for every other address. */
export async function pages(directory: string | undefined): Promise<Router> {
  const router = express.Router();
  if (directory === undefined) {
    router.get(/.*/, onlyPages, (_request, response) => void response.type("text/plain").send(withoutBuild));
    return router;
  }
  const page = await readFile(join(directory, "index.html"), "utf8").catch(() => {
    throw new ConfigError([`CODYBATCH_DASHBOARD_WEB_DIR: ${directory} has no index.html; build the web client first`]);
  });
  const files = { index: false, dotfiles: "deny", redirect: false, fallthrough: true } as const;
  router.use("/assets", express.static(join(directory, "assets"), { ...files, immutable: true, maxAge: "1y", fallthrough: false }));
  router.use(express.static(directory, { ...files, maxAge: "1h" }));
  router.get(/.*/, onlyPages, (_request, response) => sendPage(page, response));
  return router;
}

/** What has an ending, or is asked for by a script, is no page. Names of batches may have dots. */
const onlyPages: RequestHandler = (request: Request, _response, next) => {
  const isFile = /\.[A-Za-z0-9]{1,8}$/.test(request.path) && !request.path.startsWith("/batches/");
  next(isFile || request.path.startsWith("/api/") ? "route" : undefined);
};

function sendPage(page: string, response: Response): void {
  response.setHeader("cache-control", "no-store");
  response.type("html").send(page.replaceAll(noncePlaceholder, nonceOf(response)));
}
