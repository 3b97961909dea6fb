import { expect, it } from "vitest";
import { stages } from "../../server/src/testing/stage.ts";
import { browser, overflows, type Tab } from "./browser/browser.ts";
import { evil, evilBranch, hostileWorld, link, shown } from "./world/hostile.ts";
import { batch, ready } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofBatch = `/batches/${batch.namespace}/${batch.name}`;
const ofRepository = `${ofBatch}/${ready.changeset}`;

/** Every page, and the fields that stand on it. */
const fields = [
  ["batch", ofBatch, ["acme/../../x", "reason", "model", "state"]],
  ["spec", `${ofBatch}?view=spec`, ["prompt"]],
  ["conditions", `${ofBatch}?view=conditions`, ["type", "condition", "told", "event", "note"]],
  ["repository", ofRepository, ["acme/../../x", "message", "summary", "instructions", "line"]],
  ["checks", `${ofRepository}?tab=checks`, ["check", "reviewer", "objection", "warning", "explanation"]],
  ["attempts", `${ofRepository}?tab=attempts`, ["ending"]],
  ["pull request", `${ofRepository}?tab=pull-request`, ["state", "ci", "review", "mergeable", "approver", "type", "told"]],
  ["failures", "/failures", ["reason", "acme/../../x"]],
  ["usage", "/usage", ["model"]],
] as const;

it("shows hostile texts as they are on every page", async () => {
  const opened = await tab((await hostileWorld(open)).url);
  const found: string[] = [];
  for (const [name, path, words] of fields) {
    await opened.page.goto(path);
    for (const word of words) await opened.page.getByText(fits(word)).first().waitFor({ state: "attached" });
    found.push(...(await caught(opened)).map((line) => `${name}: ${line}`));
  }
  expect(found).toEqual([]);
});

it("shows hostile texts of a transcript as they are, a line of 5 MB among them", async () => {
  const opened = await tab((await hostileWorld(open)).url);
  const { page } = opened;
  await page.goto(`${ofRepository}?tab=transcript`);
  await page.getByText(shown("words")).first().waitFor();
  await page.keyboard.press("t");
  await page.getByRole("article", { name: `Event 3: ${shown("tool")} failed` }).waitFor();
  const seen = ["model", "words", "thought", "path", "output", "checked", "log", "cause", "nudge"];
  for (const word of seen) await page.getByText(shown(word)).first().waitFor({ state: "attached" });
  // Shown as JSON, which writes a control character by its number.
  for (const word of ["input", "other"]) {
    await page.getByText(`${word}\\u001b[31m<i id=evil>‹U+202E›`).first().waitFor({ state: "attached" });
  }
  await page.getByRole("link", { name: "Link to event 9" }).scrollIntoViewIfNeeded();
  for (const word of ["veto", "ended"]) await page.getByRole("article").getByText(shown(word)).waitFor();
  await page.getByRole("searchbox", { name: "Search the transcript" }).fill("<i id=evil>");
  await page.getByText("8 events with it").waitFor();
  expect(await caught(opened)).toEqual([]);
});

it("shows hostile paths and lines of a diff as they are, and cuts a line of 5 MB", async () => {
  const opened = await tab((await hostileWorld(open)).url);
  const { page } = opened;
  await page.goto(ofRepository);
  for (const path of ["../../outside", "<i id=evil>.ts", "red‹U+202E›.ts", "long"]) {
    await page.getByRole("region", { name: path, exact: true }).locator(".diff").waitFor();
  }
  await page.getByText("1 line too long to show whole").waitFor();
  await page
    .getByText(`${shown("line")} ${link}`)
    .first()
    .waitFor();
  await page.getByText(evilBranch).first().waitFor();
  expect(await caught(opened)).toEqual([]);
});

it("opens a hostile BatchChange on the page that composes one, as text", async () => {
  const opened = await tab((await hostileWorld(open)).url);
  const { page } = opened;
  await page.goto("/compose");
  await page.getByText("Open an existing BatchChange").click();
  const spec = { prompt: evil("prompt"), repositories: [{ url: link }] };
  const manifest = { apiVersion: "codybatch.dev/v1alpha1", kind: "BatchChange", metadata: { name: "$(id)<i id=evil>" }, spec };
  await page.getByLabel("Or paste its YAML").fill(JSON.stringify(manifest));
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("region", { name: "YAML" }).getByText("prompt").waitFor();
  await page.getByText("write lower case letters").first().waitFor();
  expect(await page.getByText("kubectl apply --namespace").count()).toBe(0);
  await page.getByRole("button", { name: "Download batch.yaml" }).waitFor();
  expect(await caught(opened)).toEqual([]);
});

/** Names of states are written with a capital. */
function fits(word: string): RegExp {
  return new RegExp(shown(word).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`), "i");
}

/** What hostile texts got done: elements, links, images, scripts, a page that is too wide. Empty when they are but text. */
async function caught({ page, complaints }: Tab): Promise<readonly string[]> {
  const found = [...complaints];
  for (const selector of ["#evil", "main img", "main script", "a[href^=javascript i]", "a[href*='evil.example']"]) {
    if ((await page.locator(selector).count()) > 0) found.push(`${selector} is on the page`);
  }
  // A field to write in keeps what was written.
  const content = (await page.content()).replaceAll(/<textarea[^]*?<\/textarea>/g, "");
  for (const character of ["\u202E", "\u001B"]) {
    const at = content.indexOf(character);
    if (at !== -1) found.push(`unnamed ${JSON.stringify(content.slice(at - 60, at + 20))}`);
  }
  if (await overflows(page)) found.push("the page stands out to the right");
  return found;
}
