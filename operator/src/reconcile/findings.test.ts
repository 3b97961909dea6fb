import { expect, it } from "vitest";
import { Story } from "./testing/story.ts";

/** What a batch with these credentials says of them. */
function saidOf(credentials: Readonly<Record<string, string>>) {
  const story = new Story();
  const key = story.apply("node-24", { credentials });
  return story.world.batches.get(key)?.status?.conditions?.find(({ type }) => type === "SharedCredential");
}

it("a Secret that serves reading and writing is told of, by its name", () => {
  const said = saidOf({ githubReadSecret: "github-write" });
  expect(said).toMatchObject({ status: "True", reason: "SecretShared" });
  expect(said?.message).toMatch(/^The Secret github-write serves reading and writing\..* Use two Secrets\.$/);
});

it("two Secrets are nothing to speak of", () => {
  expect(saidOf({})).toBeUndefined();
});
