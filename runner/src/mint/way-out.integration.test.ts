import { expect, it } from "vitest";
import { stage } from "../../../local/src/github/testing/stage.ts";
import { temporary } from "../git/testing/repository.ts";
import { makeAuthority } from "../testing/authority.ts";
import { startProxy, startTLS } from "../testing/proxy.ts";
import { appSecret, inputs, mint, withApp } from "./testing/minting.ts";

/** An Enterprise Server of a name that only the proxy knows, with a certificate of a private authority; the change of one of its repositories, and the way there. */
async function enterprise(stack: AsyncDisposableStack) {
  const root = stack.use(temporary("codybatch-mint-"));
  const at = stack.use(await stage(withApp({ contents: "read" }, { edition: "enterprise" })));
  const authority = makeAuthority(root.path, "git.example");
  const tls = stack.use(await startTLS(at.github.port, authority.server));
  const proxy = stack.use(await startProxy({ "git.example:443": tls.port }));
  const { change } = inputs(at, "acme/vault");
  const input = { ...change, repository: { ...change.repository, url: "https://git.example/acme/vault" } };
  return { at, proxy, input, env: { HTTPS_PROXY: proxy.url }, trust: { NODE_EXTRA_CA_CERTS: authority.caFile } };
}

it("mint finds an Enterprise Server by the repository's address, through the proxy, trusting a private authority", async () => {
  await using stack = new AsyncDisposableStack();
  const { at, proxy, input, env, trust } = await enterprise(stack);
  using minted = await mint(input, { secret: appSecret, env: { ...env, ...trust } });
  expect(minted).toMatchObject({ code: 0, result: undefined, token: expect.stringMatching(/^ghs_/) as string });
  expect(new Set(proxy.seen)).toEqual(new Set(["CONNECT git.example:443"]));
  expect(at.github.requests.map(({ path }) => path)).toEqual([
    "/api/v3/repos/acme/vault/installation",
    "/api/v3/app/installations/70/access_tokens",
  ]);
});

it("mint names a host for which nobody vouches, and what to do", async () => {
  await using stack = new AsyncDisposableStack();
  const { at, input, env } = await enterprise(stack);
  using minted = await mint(input, { secret: appSecret, env });
  const message = expect.stringMatching(
    /^git\.example does not answer: its certificate is not trusted \([A-Z_]+\)\. Ask the administrator .*caBundle/,
  );
  expect(minted.result).toMatchObject({ reason: "CloneFailed", message: message as string });
  expect(at.github.requests).toEqual([]);
});
