import type { ApiRequest, Target } from "../http/exchange.ts";
import type { Entry } from "../store/entry.ts";
import { fieldMatcher } from "./field.ts";
import { labelMatcher } from "./label.ts";

/** Which objects of a kind a list, a watch or a deletion is about. */
export interface Selection {
  readonly storage: string;
  readonly namespace: string;
  /** True when nothing but the namespace selects. */
  readonly whole: boolean;
  readonly matches: (entry: Entry) => boolean;
}

export function selectionOf(request: ApiRequest, { resource, namespace, name }: Target): Selection {
  const labelSelector = request.query.get("labelSelector") ?? "";
  const fieldSelector = request.query.get("fieldSelector") ?? "";
  const labels = labelMatcher(labelSelector);
  const fields = fieldMatcher(resource, name === undefined ? fieldSelector : `${fieldSelector},metadata.name=${name}`);
  const fieldsOf = resource.conversion === undefined ? (entry: Entry) => entry.fields : regardingFields;
  return {
    storage: resource.storage,
    namespace,
    whole: labelSelector === "" && fieldSelector === "" && name === undefined,
    matches: (entry) => (namespace === "" || entry.namespace === namespace) && labels(entry.labels) && fields(fieldsOf(entry)),
  };
}

/** Events are stored with the core names of their fields. */
function regardingFields(entry: Entry): Readonly<Record<string, string>> {
  const renamed = Object.entries(entry.fields).map(([key, value]): [string, string] => [
    key.replace(/^involvedObject\./, "regarding.").replace(/^reportingComponent$/, "reportingController"),
    value,
  ]);
  return Object.fromEntries(renamed);
}
