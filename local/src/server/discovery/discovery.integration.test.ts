import { describe, expect, it } from "vitest";
import { freshServer } from "../testing/running.ts";

const running = freshServer();
const aggregated = { accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json" };

describe("discovery", () => {
  it("lists our kinds with short names, category and status in one document", async () => {
    const { body, headers } = await running.client.get("/apis", aggregated);
    expect(headers.get("content-type")).toBe("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    const group = body.items.find((item) => item.metadata.name === "codybatch.dev");
    expect(group).toMatchObject({
      versions: [
        {
          version: "v1alpha1",
          resources: [
            { resource: "batchchanges", shortNames: ["bc"], categories: ["codybatch"], subresources: [{ subresource: "status" }] },
            { resource: "changesets", shortNames: ["cset"] },
          ],
        },
      ],
    });
  });

  it("answers older clients group by group", async () => {
    expect((await running.client.get("/api")).body).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
    expect((await running.client.get("/apis")).body.kind).toBe("APIGroupList");
    expect((await running.client.get("/apis/codybatch.dev")).body).toMatchObject({ preferredVersion: { version: "v1alpha1" } });
    const { body } = await running.client.get("/apis/codybatch.dev/v1alpha1");
    expect(body["resources"]).toMatchObject([
      { name: "batchchanges" },
      { name: "batchchanges/status" },
      { name: "changesets" },
      { name: "changesets/status" },
    ]);
    expect((await running.client.get("/apis/nothing.dev/v1")).code).toBe(404);
  });

  it("describes the fields of our kinds in OpenAPI v3", async () => {
    const { body } = await running.client.get("/openapi/v3");
    expect(body["paths"]).toHaveProperty(["apis/codybatch.dev/v1alpha1", "serverRelativeURL"]);
    const document = (await running.client.get("/openapi/v3/apis/codybatch.dev/v1alpha1")).body;
    const at = ["components", "schemas", "dev.codybatch.v1alpha1.BatchChange", "properties", "spec", "properties", "prompt", "description"];
    expect(document).toHaveProperty(at);
  });

  it.each(["/healthz", "/livez", "/readyz"])("says ok at %s", async (path) => {
    const response = await fetch(`${running.server.url}${path}`);
    expect([response.status, await response.text()]).toEqual([200, "ok"]);
  });

  it("tells its version", async () => {
    expect((await running.client.get("/version")).body).toMatchObject({ major: "1" });
  });
});
