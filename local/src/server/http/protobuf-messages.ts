/** One field: how it is called in JSON and what it holds. */
export interface Field {
  readonly name: string;
  readonly type: "text" | "integer" | "boolean" | "texts" | "textMap" | "bytesMap" | "message";
  readonly message?: Message;
}

/** Fields by number, as in the generated.proto files of k8s.io/api; fields that the server sets itself are left out. */
export type Message = Readonly<Record<number, Field>>;

function field(name: string, type: Field["type"] = "text"): Field {
  return { name, type };
}

function below(name: string, message: Message): Field {
  return { name, type: "message", message };
}

const objectMeta: Message = {
  1: field("name"),
  2: field("generateName"),
  3: field("namespace"),
  5: field("uid"),
  6: field("resourceVersion"),
  11: field("labels", "textMap"),
  12: field("annotations", "textMap"),
  14: field("finalizers", "texts"),
};

const tokenSpec: Message = {
  1: field("audiences", "texts"),
  3: below("boundObjectRef", { 1: field("kind"), 2: field("apiVersion"), 3: field("name"), 4: field("uid") }),
  4: field("expirationSeconds", "integer"),
};

const attributes: Message = {
  1: field("namespace"),
  2: field("verb"),
  3: field("group"),
  4: field("version"),
  5: field("resource"),
  6: field("subresource"),
  7: field("name"),
};

const deleteOptions: Message = {
  1: field("gracePeriodSeconds", "integer"),
  2: below("preconditions", { 1: field("uid"), 2: field("resourceVersion") }),
  4: field("propagationPolicy"),
};

const metadata = below("metadata", objectMeta);

/** The messages that kubectl sends without a way to ask it for JSON: `create namespace`, `create configmap`, `create token`, `auth`. */
export const messages: Readonly<Record<string, Message>> = {
  "v1/Namespace": { 1: metadata },
  "v1/ServiceAccount": { 1: metadata },
  "v1/ConfigMap": { 1: metadata, 2: field("data", "textMap"), 3: field("binaryData", "bytesMap"), 4: field("immutable", "boolean") },
  "v1/DeleteOptions": deleteOptions,
  "meta.k8s.io/v1/DeleteOptions": deleteOptions,
  "authentication.k8s.io/v1/TokenRequest": { 1: metadata, 2: below("spec", tokenSpec) },
  "authentication.k8s.io/v1/SelfSubjectReview": { 1: metadata },
  "authorization.k8s.io/v1/SelfSubjectAccessReview": { 1: metadata, 2: below("spec", { 1: below("resourceAttributes", attributes) }) },
};
