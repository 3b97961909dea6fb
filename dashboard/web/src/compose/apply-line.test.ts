import { expect, it } from "vitest";
import { applyLine } from "./apply-line.ts";

it("names file and namespace", () => {
  expect(applyLine({ metadata: { name: "node-24", namespace: "team-a" } })).toEqual({
    file: "node-24.yaml",
    line: "kubectl apply --namespace team-a -f node-24.yaml",
  });
});

it.each(["$(id)", "a b", "-f", "../x", "a;b", 7])("keeps %j out of the shell", (name) => {
  expect(applyLine({ metadata: { name, namespace: name } }).line).toBe("kubectl apply -f batch.yaml");
});
