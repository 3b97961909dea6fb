import { expect, it } from "vitest";
import { addressesOf, linesOf, numberOf, pairsOf, shownPairs, textIn } from "./text-value.ts";

it("takes a number for a number and leaves the rest to the rules", () => {
  expect(["5", " 12 ", "five", "1.5", "1e9"].map(numberOf)).toEqual([5, 12, "five", "1.5", "1e9"]);
});

it("keeps a line that is being written", () => {
  expect(linesOf("npm\n")).toEqual(["npm", ""]);
  expect(linesOf("\n")).toBeUndefined();
  expect(textIn(["npm", "ci"])).toBe("npm\nci");
});

it("reads pairs as it shows them", () => {
  expect(pairsOf("cpu=500m\nmemory=1Gi")).toEqual({ cpu: "500m", memory: "1Gi" });
  expect(shownPairs({ cpu: "500m", memory: "1Gi" })).toBe("cpu=500m\nmemory=1Gi");
  expect(pairsOf(" ")).toBeUndefined();
});

it("takes a pasted list of repositories", () => {
  expect(addressesOf("acme/api, https://git.example/acme/web\n acme/docs ")).toEqual([
    "https://github.com/acme/api",
    "https://git.example/acme/web",
    "https://github.com/acme/docs",
  ]);
});
