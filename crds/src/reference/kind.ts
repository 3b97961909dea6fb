import type { Rule } from "../rules/rule.ts";
import { rulesOf } from "../rules/rules.ts";
import { columnsOf } from "../schema/columns.ts";
import type { SchemaNode } from "../schema/node.ts";
import { type Kind, resourceOf, schemaOf } from "../schema/resource.ts";
import { type Field, fieldsOf } from "./field.ts";
import { table } from "./markdown.ts";

/** The reference of one kind as Markdown, made from its schema and rules alone. */
export function referenceOf(kind: Kind): string {
  const schema = schemaOf(kind);
  const spec = fieldsOf(childOf(schema, "spec"), "spec");
  const status = fieldsOf(childOf(schema, "status"), "status");
  return [
    `# ${kind}`,
    "Generated from `crds/src` by `npm run generate`. Do not edit.",
    schema.description ?? "",
    names(kind),
    "## Spec",
    fieldTable(spec),
    "## What may change",
    "*immutable*: never. *live*: at any time. *until-published*: until a pull request has been opened.",
    table(
      ["Field", "May change"],
      spec.map(({ path, change }) => [code(path), change ?? ""]),
    ),
    "## Rules",
    "Beside the bounds above, a server refuses an object that breaks one of these. Those marked *edit* compare it with the stored object.",
    table(["Field", "When", "The server says"], rulesOf(kind).map(ruleRow)),
    "## Status",
    "Written by the operator only.",
    fieldTable(status),
    "## Columns of `kubectl get`",
    table(
      ["Column", "Field", "Shown"],
      columnsOf(kind).map(({ name, jsonPath, priority }) => [name, code(jsonPath), priority === 1 ? "with `-o wide`" : "always"]),
    ),
  ]
    .join("\n\n")
    .concat("\n");
}

function names(kind: Kind): string {
  const { group, version, plural, shortNames, categories, selectableFields } = resourceOf(kind);
  const selectable = selectableFields.map((path) => code(path.slice(1))).join(", ");
  const lines = [
    `- apiVersion ${code(`${group}/${version}`)}, namespaced`,
    `- \`kubectl get ${plural}\`, short name ${code(shortNames.join())}, category ${code(categories.join())}`,
    ...(selectable === "" ? [] : [`- field selectors: ${selectable}`]),
  ];
  return lines.join("\n");
}

function fieldTable(fields: readonly Field[]): string {
  return table(
    ["Field", "Type", "Default", "Bounds", "Description"],
    fields.map((field) => [
      code(field.path),
      field.required ? `${field.type}, required` : field.type,
      field.default,
      field.bounds,
      field.description,
    ]),
  );
}

function ruleRow({ at, field, when, message }: Rule): readonly string[] {
  const path = `${at.replaceAll("[*]", "[]")}${field ?? ""}`.replace(/^\./, "");
  return [code(path), when === "always" ? "always" : "edit", message];
}

function childOf(schema: SchemaNode, name: string): SchemaNode {
  return schema.properties?.[name] ?? {};
}

function code(text: string): string {
  return `\`${text}\``;
}
