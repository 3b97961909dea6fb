import { expect, it } from "vitest";
import type { Client } from "../cluster/client.ts";
import { ApiError } from "../cluster/errors.ts";
import { FakeClock } from "../cluster/testing/fake-clock.ts";
import type { Resource } from "../cluster/resource.ts";
import { RecorderAccess } from "./access.ts";

/** An API server that keeps names of kinds by namespace, and what it was asked. */
function server() {
  const [objects, asked]: [Set<string>, string[]] = [new Set(), []];
  const client = {
    get: ({ kind }: Resource, namespace: string) => {
      asked.push(`get ${kind} in ${namespace}`);
      return Promise.resolve(objects.has(`${kind} in ${namespace}`) ? {} : undefined);
    },
    create: ({ kind }: Resource, namespace: string) => {
      asked.push(`create ${kind} in ${namespace}`);
      objects.add(`${kind} in ${namespace}`);
      return Promise.resolve({});
    },
  } as unknown as Client;
  return { client, objects, asked };
}

it("makes account and binding in each namespace and looks again for the same batch only after ten seconds", async () => {
  const [{ client, asked, objects }, clock] = [server(), new FakeClock()];
  const access = new RecorderAccess(client, clock);
  await access.ensure("team-a/one", "team-a");
  await access.ensure("team-b/one", "team-b");
  expect(objects).toEqual(new Set(["team-a", "team-b"].flatMap((name) => [`ServiceAccount in ${name}`, `RoleBinding in ${name}`])));
  clock.advance(9999);
  asked.splice(0);
  await access.ensure("team-a/one", "team-a");
  expect(asked).toEqual([]);
  objects.delete("ServiceAccount in team-a");
  clock.advance(1);
  await access.ensure("team-a/one", "team-a");
  expect(asked).toEqual(["get ServiceAccount in team-a", "get RoleBinding in team-a", "create ServiceAccount in team-a"]);
});

it("looks again at once for another batch, and for one that was gone in between", async () => {
  const [{ client, asked }, clock] = [server(), new FakeClock()];
  const access = new RecorderAccess(client, clock);
  await access.ensure("team-a/one", "team-a");
  for (const key of ["team-a/two", "team-a/one"]) {
    asked.splice(0);
    access.forget("team-a/one");
    await access.ensure(key, "team-a");
    expect(asked).toEqual(["get ServiceAccount in team-a", "get RoleBinding in team-a"]);
  }
});

it("tells a right that is missing from a server that fails", async () => {
  const { client } = server();
  const failing = (status: number): RecorderAccess => {
    const create = () => Promise.reject(new ApiError({ status, reason: "", message: "in the server's words" }));
    return new RecorderAccess({ ...client, create }, new FakeClock());
  };
  const forbidden = { name: "AccessForbidden", namespace: "team-a", message: "in the server's words" };
  await expect(failing(403).ensure("team-a/one", "team-a")).rejects.toMatchObject(forbidden);
  await expect(failing(500).ensure("team-a/one", "team-a")).rejects.toBeInstanceOf(ApiError);
});

it("looks again at once when the API server failed", async () => {
  const [{ client, objects }, clock] = [server(), new FakeClock()];
  let fails = true;
  const get: Client["get"] = (...target) => (fails ? Promise.reject(new Error("gone")) : client.get(...target));
  const access = new RecorderAccess({ ...client, get }, clock);
  await expect(access.ensure("team-a/one", "team-a")).rejects.toThrow("gone");
  fails = false;
  await access.ensure("team-a/one", "team-a");
  expect(objects.size).toBe(2);
});
