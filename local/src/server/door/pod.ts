import { equalJSON, objectAt, valueAt, without } from "../object.ts";
import type { KubeObject, PlainObject } from "../object.ts";
import type { Cause } from "../http/status.ts";
import type { Rules } from "../kinds/resource.ts";

const defaults = {
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 30,
  dnsPolicy: "ClusterFirst",
  serviceAccountName: "default",
  schedulerName: "default-scheduler",
  enableServiceLinks: true,
};

function preparePod(object: KubeObject): KubeObject {
  return { ...object, spec: { ...defaults, ...objectAt(object, "spec") }, status: { phase: "Pending", ...objectAt(object, "status") } };
}

/** What may change of a pod: where it runs (once), its deadline, and tolerations. */
function frozen(object: KubeObject): PlainObject {
  return without(objectAt(object, "spec"), "nodeName", "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds");
}

function causesOf(object: KubeObject, old: KubeObject | undefined): readonly Cause[] {
  const containers = valueAt(object, "spec.containers");
  if (!Array.isArray(containers) || containers.length === 0) {
    return [{ reason: "FieldValueRequired", field: "spec.containers", message: "Required value" }];
  }
  if (old === undefined || equalJSON(frozen(object), frozen(old))) return [];
  return [
    {
      reason: "FieldValueForbidden",
      field: "spec",
      message: "Forbidden: pod updates may not change fields other than `spec.activeDeadlineSeconds`, `spec.tolerations`, `spec.nodeName`",
    },
  ];
}

export const podRules: Rules = { prepare: preparePod, check: causesOf };
