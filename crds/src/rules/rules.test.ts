import { describe, expect, it } from "vitest";
import { fieldsOf } from "../reference/field.ts";
import { kinds, schemaOf } from "../schema/resource.ts";
import { rulesOf } from "./rules.ts";

describe.each(kinds)("the rules of %s", (kind) => {
  const rules = rulesOf(kind);
  const fields = fieldsOf(schemaOf(kind).properties!["spec"]!, "spec");
  const paths = rules.map((rule) => ({ ...rule, path: `${rule.at.replaceAll("[*]", "[]")}${rule.field ?? ""}`.replace(/^\./, "") }));
  const keys = ["spec.repositories[].url", "spec.repositories[].branch"];

  it.each(fields.filter((field) => field.change !== "live" && !keys.includes(field.path)))("keep $path, which is $change", ({ path }) => {
    const guards = paths.filter((rule) => rule.when === "update" && (path === rule.path || path.startsWith(`${rule.path}.`)));
    expect(guards).not.toEqual([]);
  });

  it.each(paths.filter((rule) => rule.message.startsWith("is immutable")))("call $path immutable, as its schema does", ({ path }) => {
    expect(fields.find((field) => field.path === path)?.change).toBe("immutable");
  });

  it.each(paths)("say at $path what to do: $message", ({ message, path, cel, when }) => {
    expect(message).toMatch(/^[a-z].*[^.]$/);
    expect(cel.includes("oldSelf")).toBe(when !== "always");
    expect(path === "metadata.name" || fields.some((field) => field.path === path)).toBe(true);
  });

  it.each(paths)("hold at $path for a node of another shape, which the schema refuses", ({ holds }) => {
    expect([null, "x", 7, []].map((node) => holds(node, node))).toEqual([true, true, true, true]);
  });
});
