import { Refused } from "@codybatch/dashboard-contract/client";
import { expect, it } from "vitest";
import { wordsFor } from "./words.ts";

it("names the missing right and how to ask for it", () => {
  const needs = { verb: "get", group: "codybatch.dev", resource: "batchchanges/transcript", namespace: "team-a" };
  const words = wordsFor(new Refused(403, { kind: "Forbidden", message: "You may not read transcripts in team-a.", needs }));
  expect(words.text).toBe("You may not read transcripts in team-a.");
  expect(words.command?.line).toBe("kubectl auth can-i get batchchanges.codybatch.dev --subresource=transcript --namespace team-a");
  expect(words.again).toBe(false);
});

it("gives no line that a shell would read otherwise", () => {
  const needs = { verb: "get; rm -rf /", group: "codybatch.dev", resource: "batchchanges" };
  expect(wordsFor(new Refused(403, { kind: "Forbidden", message: "no", needs })).command).toBeUndefined();
});

it("does not tell a deleted object from a hidden one", () => {
  expect(wordsFor(new Refused(404, { kind: "NotFound", message: "x" })).text).toContain("you may not see it");
});

it("keeps the command of what was pruned", () => {
  const words = wordsFor(new Refused(410, { kind: "Gone", message: "Its time was over.", command: "kubectl get cset x" }));
  expect(words.command?.line).toBe("kubectl get cset x");
});

it("tries a lost network again", () => {
  expect(wordsFor(new TypeError("fetch failed"))).toMatchObject({ title: "The server cannot be reached", again: true });
});
