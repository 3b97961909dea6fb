import { stringify } from "yaml";
import type { Rule } from "../rules/rule.ts";
import { rulesOf } from "../rules/rules.ts";
import { columnsOf, type PrinterColumn } from "./columns.ts";
import { defaultText, type SchemaNode } from "./node.ts";
import { type Kind, kinds, type KindNames, resourceOf, schemaOf } from "./resource.ts";

/** A rule as a CRD carries it. */
interface ValidationRule {
  readonly rule: string;
  readonly message: string;
  readonly fieldPath?: string;
  readonly reason?: "FieldValueRequired" | "FieldValueForbidden";
  readonly optionalOldSelf?: true;
}

type OpenAPI = Readonly<Record<string, unknown>>;

/** A manifest that makes a kind known to an API server. */
export interface CustomResourceDefinition {
  readonly apiVersion: "apiextensions.k8s.io/v1";
  readonly kind: "CustomResourceDefinition";
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly scope: "Namespaced";
    readonly names: Omit<KindNames, "group" | "version" | "selectableFields">;
    readonly versions: readonly [CustomResourceVersion];
  };
}

interface CustomResourceVersion {
  readonly name: string;
  readonly served: true;
  readonly storage: true;
  readonly subresources: { readonly status: OpenAPI };
  readonly additionalPrinterColumns: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
  readonly schema: { readonly openAPIV3Schema: OpenAPI };
}

/** The CRDs of every kind. */
export function crdManifests(): readonly CustomResourceDefinition[] {
  return kinds.map(crdManifest);
}

function crdManifest(kind: Kind): CustomResourceDefinition {
  const { group, version, selectableFields, ...names } = resourceOf(kind);
  const selectable = selectableFields.map((jsonPath) => ({ jsonPath }));
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${names.plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names,
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columnsOf(kind),
          ...(selectable.length === 0 ? {} : { selectableFields: selectable }),
          schema: { openAPIV3Schema: lowered(withName(schemaOf(kind)), "", rulesOf(kind)) },
        },
      ],
    },
  };
}

/** The manifest as it is committed beside the package. */
export function crdYaml(kind: Kind): string {
  const head = "# Generated from crds/src by `npm run generate`. Do not edit.\n";
  return head + stringify(crdManifest(kind), { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** A rule may name metadata.name in its error only where the schema has it; all else of metadata is the server's. */
function withName(schema: SchemaNode): SchemaNode {
  return { ...schema, properties: { ...schema.properties, metadata: { type: "object", properties: { name: { type: "string" } } } } };
}

/** A node as a CRD has it: our own keywords gone, forms and rules as CEL. */
function lowered(node: SchemaNode, path: string, rules: readonly Rule[]): OpenAPI {
  const { properties, items, additionalProperties, pattern, "x-codybatch-form": form, "x-codybatch-change": _change, ...own } = node;
  const validations = [...formRules(node, pattern, form), ...rules.filter((rule) => rule.at === path).map(ruleOf)];
  return {
    ...own,
    ...describedWithDefault(node),
    ...(node["x-kubernetes-int-or-string"] === true ? { anyOf: [{ type: "integer" }, { type: "string" }] } : {}),
    ...(validations.length === 0 ? {} : { "x-kubernetes-validations": validations }),
    ...(properties === undefined ? {} : { properties: loweredAll(properties, path, rules) }),
    ...(items === undefined ? {} : { items: lowered(items, `${path}[*]`, rules) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: lowered(additionalProperties, `${path}.*`, rules) }),
  };
}

/** `kubectl explain` shows no defaults, so descriptions say them. */
function describedWithDefault(node: SchemaNode): OpenAPI {
  const text = defaultText(node);
  return node.description === undefined || text === undefined ? {} : { description: `${node.description} Default: ${text}.` };
}

function loweredAll(properties: Readonly<Record<string, SchemaNode>>, path: string, rules: readonly Rule[]): OpenAPI {
  return Object.fromEntries(
    Object.entries(properties).map(([name, child]) => [name, lowered(child, path === "" ? name : `${path}.${name}`, rules)]),
  );
}

/** A pattern becomes a rule, because a rule can say what to write instead. */
function formRules(node: SchemaNode, pattern: string | undefined, form: string | undefined): readonly ValidationRule[] {
  if (pattern === undefined || form === undefined) return [];
  const text = pattern.replaceAll("\\/", "/");
  const guard = node["x-kubernetes-int-or-string"] === true ? "type(self) == int || " : "";
  return [{ rule: `${guard}self.matches(r'${text}')`, message: form }];
}

function ruleOf({ cel, message, field, reason, when }: Rule): ValidationRule {
  return {
    rule: cel,
    message,
    ...(field === undefined ? {} : { fieldPath: field }),
    ...(reason === "Required value" ? { reason: "FieldValueRequired" } : {}),
    ...(reason === "Forbidden" ? { reason: "FieldValueForbidden" } : {}),
    ...(when === "always, with old" ? { optionalOldSelf: true } : {}),
  };
}
