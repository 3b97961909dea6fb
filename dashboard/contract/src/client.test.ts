import { expect, it } from "vitest";
import { ask, Refused, urlOf, type Fetch } from "./client.ts";

const answering =
  (status: number, text: string): Fetch =>
  () =>
    Promise.resolve({ ok: status < 300, status, text: () => Promise.resolve(text) });

it("encodes every part of an address", () => {
  const params = { namespace: "a/../b", name: "?x", changeset: "#" };
  expect(urlOf("repository", { params })).toBe("/api/v1/namespaces/a%2F..%2Fb/batchchanges/%3Fx/repositories/%23");
  expect(urlOf("batches", { params: {}, query: { q: "a&b=c d", cursor: undefined } })).toBe("/api/v1/batchchanges?q=a%26b%3Dc+d");
});

it("gives the server's own words for a refusal", async () => {
  const fault = { error: { kind: "Forbidden", message: "no", needs: { verb: "list", group: "codybatch.dev", resource: "batchchanges" } } };
  const refused = ask(answering(403, JSON.stringify(fault)), "me", { params: {} });
  await expect(refused).rejects.toThrow(Refused);
  await expect(refused).rejects.toMatchObject({ status: 403, fault: fault.error });
});

it("names an answer that is not the server's own, such as a proxy's page", async () => {
  const refused = ask(answering(502, "<html>Bad gateway</html>"), "me", { params: {} });
  await expect(refused).rejects.toMatchObject({ status: 502, fault: { kind: "Unavailable" } });
});
