import { describe, expect, it } from "vitest";
import { Contract } from "./contract.ts";
import { handlings } from "./operation.ts";

const contract = new Contract();
const operation = (id: string) => contract.operations.find((one) => one.id === id)!;

it("every operation of the extract is handled, and nothing else", () => {
  expect(Object.keys(handlings).toSorted()).toEqual(contract.operations.map(({ id }) => id).toSorted());
});

describe("an answer that GitHub could not give", () => {
  const ref = { ref: "refs/heads/x", node_id: "n", url: "https://x", object: { type: "commit", sha: "a".repeat(40), url: "https://x" } };
  it.each([
    ["lacks a field", 200, { ...ref, url: undefined }, "must have required property 'url'"],
    ["has a field of its own", 200, { ...ref, colour: "red" }, "must NOT have additional properties"],
    ["has an address that is none", 200, { ...ref, url: "x y" }, 'must match format "uri"'],
    ["has another status", 201, ref, "git/get-ref has no answer with status 201"],
    ["is an error without words", 404, { text: "no" }, "must NOT have additional properties"],
  ])("%s", (_what, status, body, says) => {
    expect(contract.mistake(operation("git/get-ref"), status, JSON.parse(JSON.stringify(body)))).toContain(says);
  });

  it("is told from one that it could", () => {
    expect(contract.mistake(operation("git/get-ref"), 200, ref)).toBeUndefined();
    const error = {
      message: "Validation Failed",
      errors: [{ resource: "X", code: "custom" }],
      documentation_url: "https://x",
      status: "422",
    };
    expect(contract.mistake(operation("pulls/create"), 422, error)).toBeUndefined();
  });
});

describe("a request that GitHub would not take", () => {
  it.each([
    ["pulls/create", { head: "a", base: "b", title: 1 }, "For 'properties/title', it is not of type string."],
    ["pulls/update", { state: "merged" }, `For 'properties/state', it is not a member of ["open","closed"].`],
    ["issues/create-comment", {}, `"body" wasn't supplied.`],
    ["issues/set-labels", { labels: "x" }, "For 'properties/labels', it is not of type array."],
    ["pulls/request-reviewers", { reviewer: ["x"] }, `"reviewer" is not a permitted key.`],
  ])("%s with %j says why", (id, body, says) => {
    expect(() => contract.body(operation(id), Buffer.from(JSON.stringify(body)))).toThrow(`Invalid request.\n\n${says}`);
  });

  it("is no JSON", () => {
    expect(() => contract.body(operation("pulls/create"), Buffer.from("{"))).toThrow("Problems parsing JSON");
  });

  it("is told from one that it would, whose numbers are read from text", () => {
    expect(contract.query(operation("pulls/list"), { per_page: "5", state: "all" })).toEqual({ per_page: 5, state: "all" });
    expect(() => contract.query(operation("pulls/list"), { per_page: "many" })).toThrow("it is not of type integer");
    expect(contract.body(operation("pulls/update"), Buffer.alloc(0))).toEqual({});
  });
});
