import { expect, it } from "vitest";
import { changesetName, jobName, patchDigest, promptName, recordName } from "./names.ts";
import { canonicalURL, repositoryName } from "./repository-name.ts";

it.each([
  ["https://GitHub.com/Acme/Api.git", "https://github.com/acme/api"],
  ["https://github.com/acme/api/", "https://github.com/acme/api"],
  ["http://git.example.com:8080/team/sub/api.GIT/", "http://git.example.com:8080/team/sub/api"],
  ["file:///tmp/Samples/Api", "file:///tmp/Samples/Api"],
])("%s and %s are one repository", (url, canonical) => {
  expect(canonicalURL(url)).toBe(canonical);
});

it("calls a repository by the last two parts of its path", () => {
  expect(repositoryName("https://git.example.com/team/sub/Api.git")).toBe("sub/Api");
});

it("gives one Changeset to all spellings of a repository, and another to another branch or batch", () => {
  const batch = { name: "node-24", uid: "u1" };
  const name = changesetName(batch, "https://github.com/acme/api", "HEAD");
  expect(name).toMatch(/^node-24-[0-9a-f]{10}$/);
  expect(changesetName(batch, "https://github.com/Acme/api.git", "HEAD")).toBe(name);
  expect(changesetName(batch, "https://github.com/acme/api", "main")).not.toBe(name);
  expect(changesetName({ ...batch, uid: "u2" }, "https://github.com/acme/api", "HEAD")).not.toBe(name);
});

it("keeps every name within 63 characters, a pod's random suffix included, for the longest name of a batch", () => {
  const changeset = changesetName({ name: "n".repeat(40), uid: "u" }, "https://github.com/acme/api", "HEAD");
  expect(`${jobName(changeset, 999, 3)}-abcde`.length).toBeLessThanOrEqual(63);
  expect(promptName("n".repeat(40), "text").length).toBeLessThanOrEqual(63);
  expect(recordName.transcript(`${changeset}-1-1-abcde`, 12)).toBe(`${changeset}-1-1-abcde-transcript-12`);
});

it("digests base commit and patch together", () => {
  expect(patchDigest("abc", Buffer.from("x"))).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(patchDigest("ab", Buffer.from("cx"))).not.toBe(patchDigest("abc", Buffer.from("x")));
});
