import { expect, it } from "vitest";
import { openapi } from "./openapi.ts";
import { routes } from "./routes.ts";

it("the committed openapi.json is the one that the routes give", async () => {
  await expect(`${JSON.stringify(openapi(), undefined, 2)}\n`).toMatchFileSnapshot("../openapi.json");
});

it("only login changes anything", () => {
  const posts = Object.entries(routes).filter(([, { method }]) => method !== "GET");
  expect(posts.map(([name]) => name)).toEqual(["login"]);
});

it("every route says what it is for, and every parameter of a path has a form", () => {
  for (const { path, summary, params } of Object.values(routes)) {
    expect(summary).toMatch(/\.$/);
    expect(Object.keys(params.shape)).toEqual([...path.matchAll(/:(\w+)/g)].map(([, word]) => word));
  }
});
