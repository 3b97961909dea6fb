import { recordName } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { expect, it } from "vitest";
import { at, endedAttempt, eventually, gz, stages, users } from "../../server/src/testing/stage.ts";
import { urlOf } from "@codybatch/dashboard-contract";
import { browser, type Tab } from "./browser/browser.ts";
import { axeInBoth } from "./browser/themes.ts";
import { changed, transcript } from "./world/payload.ts";
import { batch, emptyWorld, fullWorld, ready } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofBatch = `/batches/${batch.namespace}/${batch.name}`;
const ofRepository = `${ofBatch}/${ready.changeset}`;

/** Waits for the words; then what is against policy or, in either theme, against WCAG AA. */
async function problems({ page, complaints }: Tab, words: string | RegExp): Promise<readonly string[]> {
  await page.getByText(words).first().waitFor();
  return [...(await axeInBoth(page)), ...complaints];
}

/** One repository whose newest attempt names a patch and a transcript; what of them is stored is up to the test. */
async function oneRepository(more: object = {}) {
  const stage = await emptyWorld(open);
  await stage.batch(batch.namespace, batch.name);
  const attempt = endedAttempt("pod", more);
  const owner = await stage.changeset("team-a", ready.changeset, batch.name, {
    status: { phase: "Ready", attempts: [attempt], patch: attempt.patch, transcript: attempt.transcript },
  });
  await eventually("it is listed", async () => (await stage.get(urlOf("repositories", { params: batch }))).body?.total === 1);
  return { stage, owner };
}

it("shows where the answer will stand while it is awaited", async () => {
  const stage = await fullWorld(open);
  const opened = await tab(stage.url);
  await opened.page.route("**/api/v1/batchchanges**", () => undefined);
  await opened.page.goto("/");
  await opened.page.getByText("Loading batches").waitFor({ state: "attached" });
  expect(await axeInBoth(opened.page)).toEqual([]);
});

it("names the right that is missing", async () => {
  const stage = await fullWorld(open, { CODYBATCH_DASHBOARD_AUTH: "token" });
  const opened = await tab(stage.url);
  await opened.page.goto("/");
  await logIn(opened, "stranger");
  expect(await problems(opened, "A right is missing")).toEqual([]);
});

it("leaves out costs for who may not see them, and says so", async () => {
  const stage = await fullWorld(open, { CODYBATCH_DASHBOARD_AUTH: "token" });
  const opened = await tab(stage.url);
  await opened.page.goto("/usage");
  await logIn(opened, "viewer");
  expect(await problems(opened, /batchchanges\/cost is missing/)).toEqual([]);
});

it("says why a session is over and brings the page back after login", async () => {
  const stage = await fullWorld(open, { CODYBATCH_DASHBOARD_AUTH: "token", CODYBATCH_DASHBOARD_SESSION_SECONDS: "1" });
  const opened = await tab(stage.url);
  await opened.page.goto(ofBatch);
  await logIn(opened, "approver");
  expect(await problems(opened, "Your session is over")).toEqual([]);
  expect(new URL(opened.page.url()).pathname).toBe(ofBatch);
});

it("says that a payload is gone", async () => {
  const { stage } = await oneRepository();
  const opened = await tab(stage.url);
  await opened.page.goto(ofRepository);
  expect(await problems(opened, "No longer stored")).toEqual([]);
});

it("says that the beginning of a transcript was left out, and shows a line that it cannot read", async () => {
  const transcriptFacts = { refs: [recordName.transcript("pod", 0)], events: 4, truncated: true };
  const { stage, owner } = await oneRepository({ transcript: transcriptFacts });
  const lines = [...transcript.slice(0, 3), "{ no JSON"];
  await stage.record(owner, "transcript", { name: recordName.transcript("pod", 0), binary: gz.transcript(lines) });
  const opened = await tab(stage.url);
  await opened.page.goto(`${ofRepository}?tab=transcript`);
  await opened.page.getByText("Its beginning was left out").waitFor();
  expect(await problems(opened, "A line that this version cannot read")).toEqual([]);
});

it("says since when the API server has not been heard", async () => {
  const stage = await fullWorld(open);
  const opened = await tab(stage.url);
  const answer = await stage.get(urlOf("batches", { params: {} }));
  await opened.page.route("**/api/v1/batchchanges**", (route) => route.fulfill({ json: { ...answer.body, staleSince: at(0) } }));
  await opened.page.goto("/");
  expect(await problems(opened, "has not heard from the API server since")).toEqual([]);
});

it("says that a batch is gone as soon as it is deleted", async () => {
  const stage = await fullWorld(open);
  const opened = await tab(stage.url);
  await opened.page.goto("/batches/team-b/licences");
  await opened.page.getByRole("heading", { name: "licences" }).waitFor();
  const { uid } = (await stage.get(urlOf("batch", { params: { namespace: "team-b", name: "licences" } }))).body;
  await stage.client.remove(resources.batchChanges, "team-b", "licences", uid);
  expect(await problems(opened, "It was deleted, it never was, or you may not see it")).toEqual([]);
});

it("says what is not there yet, and what fills it, on each page", async () => {
  const stage = await emptyWorld(open);
  await stage.batch(batch.namespace, batch.name);
  await stage.changeset("team-a", ready.changeset, batch.name);
  await stage.batch("team-b", "none");
  await eventually("it is listed", async () => (await stage.get(urlOf("repositories", { params: batch }))).body?.total === 1);
  const opened = await tab(stage.url);
  const empty = [
    ["/batches/team-b/none", "No repository has been begun"],
    ["/batches/team-b/none?view=charts", "The burndown begins with the first repository"],
    ["/batches/team-b/none?view=conditions", "The operator has not said anything yet"],
    [ofRepository, "No patch is stored"],
    [`${ofRepository}?tab=transcript`, "No transcript is stored yet"],
    [`${ofRepository}?tab=checks`, "No attempt has reported a result yet"],
    [`${ofRepository}?tab=attempts`, "Nothing was tried yet"],
    [`${ofRepository}?tab=pull-request`, "There is no pull request"],
    ["/failures", "Nothing has failed"],
    ["/usage", "No attempt ended in these days"],
  ] as const;
  const found: string[] = [];
  for (const [path, words] of empty) {
    await opened.page.goto(path);
    found.push(...(await problems(opened, words)).map((line) => `${path}: ${line}`));
  }
  expect(found).toEqual([]);
});

it("names the right to read patches and transcripts where it is missing, and asks for neither", async () => {
  const deny = ["patch", "transcript"].map((subresource) => ({ group: "codybatch.dev", resource: "batchchanges", subresource }));
  const user = { token: "reader", username: "reader@example.com", groups: ["system:authenticated"], deny };
  const stage = await fullWorld(open, { CODYBATCH_DASHBOARD_AUTH: "token" }, { users: [...users, user] });
  const opened = await tab(stage.url);
  const asked: string[] = [];
  opened.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await opened.page.goto(ofRepository);
  await logIn(opened, "reader");
  expect(await problems(opened, "the right to get batchchanges/patch is missing")).toEqual([]);
  await opened.page.getByRole("link", { name: "Transcript" }).click();
  expect(await problems(opened, "the right to get batchchanges/transcript is missing")).toEqual([]);
  expect(asked.filter((path) => /(patch|transcript)(\/|$)/.test(path))).toEqual([]);
});

it("says that filters leave no repository, and takes them off", async () => {
  const opened = await tab((await fullWorld(open)).url);
  await opened.page.goto(`${ofBatch}?q=nothing-is-called-so`);
  expect(await problems(opened, "The filters leave no repository")).toEqual([]);
  await opened.page.getByRole("button", { name: "Clear filters" }).click();
  await opened.page.getByRole("row", { name: /acme\/web/ }).waitFor();
});

it("says which part is missing: a price that is not known, files beyond the list", async () => {
  const usage = { input: 10, output: 10, cacheRead: 0, cacheWrite: 0 };
  const { stage, owner } = await oneRepository({ usage, chargedNanoUSD: 0 });
  await stage.record(owner, "patch", { name: recordName.patch("pod"), binary: gz.patch(changed("a.ts", ["one"], ["two"])) });
  const opened = await tab(stage.url);
  await opened.page.goto("/usage");
  const found = [...(await problems(opened, "1 attempt ran at a price that is not known"))];
  await opened.page.goto(`${ofBatch}?view=charts`);
  found.push(...(await problems(opened, "1 attempt ran at a price that is not known")));
  // More than 5,000 files take long to draw, which is not what this is about.
  const answer = await stage.get(urlOf("patchFiles", { params: ready }));
  await opened.page.route("**/patch/files**", (route) => route.fulfill({ json: { ...answer.body, more: 3 } }));
  await opened.page.goto(ofRepository);
  found.push(...(await problems(opened, "3 files more are in the patch than can be listed")));
  expect(found).toEqual([]);
});

it("says what a broken answer means, and asks again", async () => {
  const opened = await tab((await fullWorld(open)).url);
  const fault = { error: { kind: "Unavailable", message: "Not everything was listed yet." } };
  await opened.page.route("**/api/v1/batchchanges**", (route) => route.fulfill({ status: 503, json: fault }));
  await opened.page.goto("/");
  expect(await problems(opened, "The server is not ready")).toEqual([]);
  await opened.page.unroute("**/api/v1/batchchanges**");
  await opened.page.getByRole("button", { name: "Try again" }).click();
  await opened.page.getByRole("row", { name: /licences/ }).waitFor();
});

async function logIn({ page }: Tab, token: string): Promise<void> {
  await page.locator("input[type=password]").fill(token);
  await page.getByRole("button", { name: "Log in" }).click();
}
