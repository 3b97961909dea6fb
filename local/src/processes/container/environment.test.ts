import { expect, test } from "vitest";

import { podSchema } from "../api/pod.ts";
import { declaredVariables, placedVariables } from "./environment.ts";
import { expand } from "./expand.ts";
import { ContainerRefusal } from "./refusal.ts";

test.each([
  ["$(A)", "1"],
  ["x$(A)y$(B)", "x1y2"],
  ["$$(A)", "$(A)"],
  ["$$$(A)", "$1"],
  ["$(UNKNOWN)", "$(UNKNOWN)"],
  ["$A ${A} $(A", "$A ${A} $(A"],
  ["$(constructor)", "$(constructor)"],
])("%s becomes %s", (text, wanted) => {
  expect(expand(text, { A: "1", B: "2" })).toBe(wanted);
});

const env = [
  { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  { name: "NOTE", valueFrom: { fieldRef: { fieldPath: "metadata.annotations['a/b']" } } },
  { name: "EARLY", value: "$(LATE) $(POD)" },
  { name: "LATE", value: "late" },
  { name: "CODYBATCH_OUT_DIR", value: "/out" },
  { name: "CODYBATCH_OUT_DIRECTORY", value: "/out" },
  { name: "OUT_DIR", value: "/out" },
];
const pod = podSchema.parse({
  metadata: { name: "pod-1", namespace: "n", uid: "u", annotations: { "a/b": "noted" } },
  spec: {
    containers: [
      { name: "agent", env },
      { name: "bad", env: [{ name: "KEY", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] },
    ],
  },
});

test("variables are filled from the pod and from those before them; only CODYBATCH_*_DIR are placed", () => {
  const declared = declaredVariables(pod.spec.containers[0]!, pod);
  expect(placedVariables(declared, [{ mountPath: "/out", path: "/real/out" }], "/real/end")).toEqual({
    POD: "pod-1",
    NOTE: "noted",
    EARLY: "$(LATE) pod-1",
    LATE: "late",
    CODYBATCH_OUT_DIR: "/real/out",
    CODYBATCH_OUT_DIRECTORY: "/out",
    OUT_DIR: "/out",
  });
});

test("a Secret as a variable is refused by name", () => {
  expect(() => declaredVariables(pod.spec.containers[1]!, pod)).toThrow(
    new ContainerRefusal(
      "CreateContainerConfigError",
      "environment variable KEY uses a valueFrom other than fieldRef, which local mode does not support",
    ),
  );
});
