import { expect, it } from "vitest";
import { withoutCommands } from "./message.ts";

it.each([
  ["The check failed with 1. Run it again: kubectl -n a patch cset b", "The check failed with 1."],
  ["Read the patch: kubectl get cm b | gunzip \u2014 then approve it: kubectl patch cset b", undefined],
  ["git said: no such branch.", "git said: no such branch."],
])("of %j leaves %j", (message, words) => {
  expect(withoutCommands(message)).toBe(words);
});
