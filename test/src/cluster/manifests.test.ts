import { badManifests, goodManifests } from "@codybatch/crds/testing";
import { startServer } from "@codybatch/local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApi, openPlainApi } from "./api.ts";
import type { Api } from "./api.ts";
import { installCRDs, startControlPlane } from "./control-plane.ts";
import { judge, type Verdict } from "./manifest-case.ts";

const started = new AsyncDisposableStack();
let apis: Readonly<Record<"real" | "embedded", Api>>;

beforeAll(async () => {
  const plane = started.adopt(await startControlPlane(), ({ stop }) => stop());
  const { url } = started.adopt(await startServer(), (server) => server.close());
  const real = started.adopt(await openApi(plane.kubeconfig), (api) => api.close());
  const embedded = started.adopt(openPlainApi(url), (api) => api.close());
  await installCRDs(plane);
  apis = { real, embedded };
});
afterAll(() => started.disposeAsync());

describe("an API server and the embedded server refuse alike", () => {
  test.each(badManifests)("$name", async ({ path, says, ...row }) => {
    const real = await judge(apis.real, row);
    const own = await judge(apis.embedded, row);
    for (const verdict of [real, own]) expect(wordsAbout(path, verdict)).toMatch(says);
    expect(own).toMatchObject({ status: real.status, reason: real.reason });
    expect(fieldsOf(own)).toEqual(fieldsOf(real));
    expect(real.causes).toEqual(expect.arrayContaining([...own.causes]));
  });
});

describe("an API server and the embedded server take alike", () => {
  test.each(goodManifests)("$name", async (row) => {
    for (const api of [apis.real, apis.embedded]) {
      const { status, causes } = await judge(api, row);
      expect({ status, causes }).toEqual({ status: row.old === undefined ? 201 : 200, causes: [] });
    }
  });
});

/** What is said about one field. An unknown field has no cause of its own, but stands in the message. */
function wordsAbout(path: string, { causes, message }: Verdict): string {
  if (causes.length === 0) return message.includes(`"${path}"`) ? message : "";
  return causes.flatMap((cause) => (cause.field === path ? [cause.message] : [])).join("\n");
}

function fieldsOf({ causes }: Verdict): readonly string[] {
  return [...new Set(causes.map(({ field }) => field))].toSorted();
}
