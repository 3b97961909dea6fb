import { describe, expect, it } from "vitest";
import { entriesOf } from "./repositories.ts";
import { batchOf } from "./testing/build.ts";

describe("the entries of a spec", () => {
  const of = (...repositories: { url: string; branch?: string }[]) => entriesOf(batchOf({ repositories }));

  it("are one Changeset per repository and branch, in order", () => {
    const entries = of({ url: "https://github.com/acme/api" }, { url: "https://github.com/acme/api", branch: "next" });
    expect(new Set(entries.map(({ changeset }) => changeset)).size).toBe(2);
    expect(entries.map(({ repository }) => `${repository.name} ${repository.branch}`)).toEqual(["acme/api HEAD", "acme/api next"]);
  });

  it.each(["https://github.com/Acme/API", "https://github.com/acme/api.git", "https://github.com/acme/api/"])(
    "find that %s is a duplicate",
    (url) => {
      const [first, second] = of({ url: "https://github.com/acme/api" }, { url });
      expect(second).toMatchObject({ duplicateOf: first!.changeset });
      expect(second!.changeset).not.toBe(first!.changeset);
    },
  );

  it("keep a Changeset's name when only its spelling, or its place in the list, changes", () => {
    const [first] = of({ url: "https://github.com/acme/api" });
    const [, second] = of({ url: "https://github.com/acme/web" }, { url: "https://github.com/Acme/api.git" });
    expect(second!.changeset).toBe(first!.changeset);
  });
});
