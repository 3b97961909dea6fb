import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { must } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/deadline.ts";
import { changes, scenario } from "../story/model.ts";
import { Person } from "./person.ts";
import { Stage } from "./stage.ts";

const people = ["viewer", "approver", "stranger"] as const;
type Who = (typeof people)[number];

let stage: Stage;
let forwarding: ReturnType<Person["watches"]>;
let url = "";
let tokens: Readonly<Record<Who, string>>;
let changeset = "";

/** A release with the dashboard, one batch that has ended, and three people: of one namespace only, and one of none. */
beforeAll(async () => {
  stage = await Stage.open({ name: "pages", scenarios: [scenario("any", {}, ...changes())], values: { dashboard: { enabled: true } } });
  const { name, namespace } = stage.release;
  must(await stage.site.kubectl(["-n", namespace, "rollout", "status", `deployment/${name}-dashboard`, "--timeout=120s"]));
  const batch = await stage.batch("one").create([stage.repository("acme/api")]);
  await batch.reaches("Succeeded");
  changeset = (await stage.kubectl("get", "cset", "-o", "jsonpath={.items[0].metadata.name}")).stdout;
  for (const who of people) await stage.kubectl("create", "serviceaccount", who);
  for (const who of ["viewer", "approver"])
    await stage.kubectl("create", "rolebinding", who, `--clusterrole=codybatch-${who}`, `--serviceaccount=${stage.namespace}:${who}`);
  tokens = { viewer: await tokenOf("viewer"), approver: await tokenOf("approver"), stranger: await tokenOf("stranger") };
  forwarding = new Person(stage).watches(`kubectl -n ${namespace} port-forward service/${name}-dashboard :http`);
  url = await eventually("the port is forwarded", () => {
    const [, port] = /^Forwarding from 127\.0\.0\.1:(\d+)/m.exec(forwarding.lines.join("\n")) ?? [];
    return Promise.resolve(port === undefined ? undefined : `http://127.0.0.1:${port}`);
  });
});
afterAll(async () => {
  forwarding.stop();
  await stage.close();
});
afterEach(({ task }) => stage.tellFailure(task));

async function tokenOf(who: Who): Promise<string> {
  return (await stage.kubectl("create", "token", who, "--audience=codybatch-dashboard")).stdout.trim();
}

async function ask(path: string, who: Who): Promise<Response> {
  return fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${tokens[who]}` } });
}

test("its pages come from the image, and the API asks who somebody is", async () => {
  const page = await fetch(url);
  expect(await page.text()).toContain("<!doctype html>");
  expect(page.headers.get("content-security-policy")).toContain("nonce-");
  expect((await fetch(`${url}/api/v1/batchchanges`)).status).toBe(401);
});

describe("what a token shows is what its owner may see", () => {
  test.each(["viewer", "approver"] as const)("%s: the batch, its patch, its transcript and its cost", async (who) => {
    const list = await ask("/batchchanges", who);
    expect(await list.json()).toMatchObject({ items: [{ namespace: stage.namespace, name: "one" }] });
    const repository = `/namespaces/${stage.namespace}/batchchanges/one/repositories/${changeset}`;
    expect(await (await ask(`${repository}/patch`, who)).text()).toContain("+++ b/");
    expect((await ask(`${repository}/transcript`, who)).status).toBe(200);
    expect(await (await ask(`/namespaces/${stage.namespace}/batchchanges/one`, who)).json()).toMatchObject({
      rights: { patch: true, transcript: true, cost: true },
    });
  });

  test("stranger: nothing, not even that there is a batch", async () => {
    expect((await ask("/batchchanges", "stranger")).status).toBe(403);
    expect((await ask(`/namespaces/${stage.namespace}/batchchanges/one`, "stranger")).status).toBe(404);
  });
});

test("a session by cookie ends where somebody logs out", async () => {
  const headers = { "content-type": "application/json", origin: url };
  const login = await fetch(`${url}/api/v1/login`, { method: "POST", headers, body: JSON.stringify({ token: tokens.viewer }) });
  expect(login.status).toBe(200);
  const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
  const seen = async (): Promise<number> => (await fetch(`${url}/api/v1/batchchanges`, { headers: { cookie } })).status;
  expect(await seen()).toBe(200);
  await fetch(`${url}/api/v1/logout`, { headers: { cookie } });
  expect(await seen()).toBe(401);
});
