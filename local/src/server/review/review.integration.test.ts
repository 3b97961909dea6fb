import { describe, expect, it } from "vitest";
import { path, pod } from "../testing/objects.ts";
import { freshServer } from "../testing/running.ts";

let now = new Date("2026-01-01T00:00:00Z");
const ada = { token: "ada-token", username: "ada", groups: ["dev"], deny: [{ verb: "get", resource: "configmaps", namespace: "secret" }] };
const running = freshServer({ users: [ada], clock: () => now });

async function reviewed(token: string): Promise<unknown> {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } };
  return (await running.client.post("/apis/authentication.k8s.io/v1/tokenreviews", body)).body["status"];
}

async function issued(boundObjectRef?: unknown): Promise<string> {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 600, boundObjectRef } };
  const reply = await running.client.post(`${path.serviceAccounts}/default/token`, body);
  expect(reply.code).toBe(201);
  return (reply.body["status"] as { token: string }).token;
}

describe("a token", () => {
  it("of the table tells who sends it", async () => {
    expect(await reviewed("ada-token")).toEqual({ authenticated: true, user: { username: "ada", groups: ["dev"] }, audiences: [] });
    expect(await reviewed("nobody's")).toMatchObject({ authenticated: false });
  });

  it("issued to a ServiceAccount is good until it expires", async () => {
    now = new Date("2026-01-01T00:00:00Z");
    const token = await issued();
    expect(await reviewed(token)).toMatchObject({ authenticated: true, user: { username: "system:serviceaccount:default:default" } });
    now = new Date("2026-01-01T00:10:01Z");
    expect(await reviewed(token)).toMatchObject({ authenticated: false });
  });

  it("bound to a pod names it, and ends with it", async () => {
    const { body } = await running.client.post(path.pods, pod("p"));
    const token = await issued({ kind: "Pod", apiVersion: "v1", name: "p", uid: body.metadata.uid });
    expect(await reviewed(token)).toMatchObject({ user: { extra: { "authentication.kubernetes.io/pod-uid": [body.metadata.uid] } } });
    await running.client.remove(`${path.pods}/p`);
    expect(await reviewed(token)).toMatchObject({ authenticated: false });
  });

  it("is not issued for an account or a pod that is not there", async () => {
    const body = { spec: { boundObjectRef: { kind: "Pod", name: "none" } } };
    expect((await running.client.post(`${path.serviceAccounts}/nobody/token`, {})).code).toBe(404);
    expect((await running.client.post(`${path.serviceAccounts}/default/token`, body)).code).toBe(404);
  });

  it("is nowhere to be read", async () => {
    expect((await running.client.get("/apis/internal/v1/tokens")).code).toBe(404);
  });
});

describe("an access review", () => {
  const access = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
  it.each([
    ["ada", { verb: "get", resource: "configmaps", namespace: "secret" }, false],
    ["ada", { verb: "list", resource: "configmaps", namespace: "secret" }, true],
    ["ada", { verb: "get", resource: "configmaps", namespace: "open" }, true],
    ["somebody", { verb: "get", resource: "configmaps", namespace: "secret" }, true],
  ])("of %s for %o says %s", async (user, resourceAttributes, allowed) => {
    const { body } = await running.client.post(access, { spec: { user, resourceAttributes } });
    expect(body["status"]).toMatchObject({ allowed });
  });

  it("of oneself goes by the token", async () => {
    const body = { spec: { resourceAttributes: ada.deny[0] } };
    const headers = { authorization: "Bearer ada-token" };
    const { body: review } = await running.client.call("POST", access.replace("subject", "selfsubject"), { body, headers });
    expect(review["status"]).toMatchObject({ allowed: false });
  });
});
