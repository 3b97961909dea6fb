import { describe, expect, it } from "vitest";
import { compareVersions } from "./object.ts";
import { Store } from "./store.ts";

function object(name: string, resourceVersion: string, more: { readonly uid?: string; readonly owner?: string } = {}) {
  const metadata = { name, namespace: "n", uid: more.uid ?? `uid-${name}`, generation: 0, resourceVersion, creationTimestamp: "" };
  return { metadata, owner: more.owner ?? "nobody" };
}

const kinds = (changes: readonly { readonly kind: string }[]): string[] => changes.map(({ kind }) => kind);

describe("a store", () => {
  it.each([
    ["9", "10", -1],
    ["10", "9", 1],
    ["100", "100", 0],
    ["", "1", -1],
    ["18446744073709551615", "18446744073709551616", -1],
  ])("orders resourceVersion %j before or after %j as numbers", (left, right, order) => {
    expect(Math.sign(compareVersions(left, right))).toBe(order);
  });

  it("never lets an older state take the place of a newer one", () => {
    const store = new Store();
    expect(kinds(store.put(object("a", "10")))).toEqual(["added"]);
    expect(kinds(store.put(object("a", "9")))).toEqual([]);
    expect(kinds(store.put(object("a", "10")))).toEqual([]);
    expect(kinds(store.put(object("a", "11")))).toEqual(["updated"]);
    expect(store.get("n", "a")?.metadata.resourceVersion).toBe("11");
  });

  it("takes another uid under the same name as the end of the first, unless it is older", () => {
    const store = new Store();
    store.put(object("a", "10"));
    expect(kinds(store.put(object("a", "9", { uid: "older" })))).toEqual([]);
    expect(kinds(store.put(object("a", "20", { uid: "newer" })))).toEqual(["deleted", "added"]);
    expect(store.byUID("uid-a")).toBeUndefined();
    expect(kinds(store.remove("uid-a"))).toEqual([]);
    expect(store.get("n", "a")?.metadata.uid).toBe("newer");
  });

  it("finds by index, also after the key of an object has changed", () => {
    const store = new Store({ owner: (one: ReturnType<typeof object>) => [one.owner] });
    store.put(object("a", "1", { owner: "x" }));
    store.put(object("b", "2", { owner: "x" }));
    store.put(object("a", "3", { owner: "y" }));
    expect(store.by("owner", "x").map(({ metadata }) => metadata.name)).toEqual(["b"]);
    expect(store.by("owner", "y").map(({ metadata }) => metadata.name)).toEqual(["a"]);
    store.remove("uid-a");
    expect(store.by("owner", "y")).toEqual([]);
    expect(() => store.by("colour", "red")).toThrow("no index colour");
  });

  it("becomes equal to a whole list and says what that changed", () => {
    const store = new Store();
    for (const name of ["a", "b", "c"]) store.put(object(name, "1"));
    const changes = store.replace([object("b", "1"), object("c", "5"), object("d", "6")], "6");
    expect(changes.map(({ kind, object: { metadata } }) => `${kind} ${metadata.name}`)).toEqual(["deleted a", "updated c", "added d"]);
    expect(store.size).toBe(3);
  });
});
