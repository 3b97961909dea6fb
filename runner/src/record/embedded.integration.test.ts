import { recordName } from "@codybatch/crds";
import { expect, it } from "vitest";
import { startServer } from "../../../local/src/server/index.ts";
import { temporary } from "../git/testing/repository.ts";
import { podName, Run, until } from "./testing/run.ts";

interface Answer {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly data: Readonly<Record<string, string>>;
  readonly items: readonly Answer[];
}

it("stores a run at the embedded API server", async () => {
  using root = temporary();
  const server = await startServer({});
  const call = async (method: string, path: string, body?: object): Promise<Answer> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    return (await (await fetch(`${server.url}${path}`, { method, ...sent })).json()) as Answer;
  };
  const configMaps = "/api/v1/namespaces/team-a/configmaps";
  await call("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "team-a" } });
  // The owner must be there, or the garbage collector takes the results away.
  const spec = { batchChange: "node-24", repository: { url: "https://github.com/acme/api", name: "acme/api" } };
  const changeset = { apiVersion: "codybatch.dev/v1alpha1", kind: "Changeset", metadata: { name: "node-24-0123456789" }, spec };
  const owner = await call("POST", "/apis/codybatch.dev/v1alpha1/namespaces/team-a/changesets", changeset);
  const run = new Run({ root: root.path, apiURL: server.url, ownerUID: owner.metadata.uid });
  run.startRecorder();
  await run.connectAgent();
  const patch = run.patch("diff\n");
  run.events("{}");
  run.progress({ turn: 1, patch });
  await until(async () => (await call("GET", `${configMaps}/${recordName.live(podName)}`)).kind === "ConfigMap");
  run.progress({ turn: 2, patch });
  await until(
    async () => (await call("GET", `${configMaps}/${recordName.live(podName)}`)).data["progress.json"]?.includes('"turn":2') === true,
  );
  run.result({ patch });
  run.say({ kind: "finished" });
  await until(() => run.acknowledged);
  const { items } = await call("GET", `${configMaps}?labelSelector=codybatch.dev/changeset=node-24-0123456789`);
  const names = items.map(({ metadata }) => metadata.name).toSorted();
  expect(names).toEqual([
    recordName.live(podName),
    recordName.patch(podName),
    recordName.result(podName),
    recordName.transcript(podName, 0),
  ]);
  expect(await run.stopRecorder("SIGTERM")).toBe(0);
  await server.close();
});
