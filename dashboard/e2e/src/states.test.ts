import { recordName } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { expect, it } from "vitest";
import { at, endedAttempt, eventually, gz, stages } from "../../server/src/testing/stage.ts";
import { urlOf } from "@codybatch/dashboard-contract";
import { axe, browser, type Tab } from "./browser/browser.ts";
import { transcript } from "./world/payload.ts";
import { batch, emptyWorld, fullWorld, ready } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofBatch = `/batches/${batch.namespace}/${batch.name}`;
const ofRepository = `${ofBatch}/${ready.changeset}`;

/** Waits for the words; then what is against policy or WCAG AA. */
async function problems({ page, complaints }: Tab, words: string | RegExp): Promise<readonly string[]> {
  await page.getByText(words).first().waitFor();
  return [...(await axe(page)), ...complaints];
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
  expect(await axe(opened.page)).toEqual([]);
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

async function logIn({ page }: Tab, token: string): Promise<void> {
  await page.locator("input[type=password]").fill(token);
  await page.getByRole("button", { name: "Log in" }).click();
}
