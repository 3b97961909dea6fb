import { equalJSON, objectAt, valueAt } from "../object.ts";
import type { KubeObject } from "../object.ts";
import type { Cause } from "../http/status.ts";
import type { Rules } from "../kinds/resource.ts";

const specDefaults = {
  parallelism: 1,
  completions: 1,
  backoffLimit: 6,
  completionMode: "NonIndexed",
  suspend: false,
  podReplacementPolicy: "TerminatingOrFailed",
};
const podDefaults = {
  dnsPolicy: "ClusterFirst",
  schedulerName: "default-scheduler",
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};

/** The labels by which a Job's pods are found, as the API server sets them. */
function labelsOf(object: KubeObject): Readonly<Record<string, string>> {
  const { name, uid } = object.metadata;
  return { "batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": name, "controller-uid": uid, "job-name": name };
}

function prepareJob(object: KubeObject): KubeObject {
  const labels = labelsOf(object);
  const template = objectAt(object, "spec.template");
  const metadata = objectAt(template, "metadata");
  const pod = { ...podDefaults, ...objectAt(template, "spec") };
  const spec = {
    ...specDefaults,
    selector: { matchLabels: { "batch.kubernetes.io/controller-uid": object.metadata.uid } },
    ...objectAt(object, "spec"),
    template: { ...template, metadata: { ...metadata, labels: { ...objectAt(metadata, "labels"), ...labels } }, spec: pod },
  };
  return { ...object, metadata: object.metadata.labels === undefined ? { ...object.metadata, labels } : object.metadata, spec, status: {} };
}

function required(field: string): Cause {
  return { reason: "FieldValueRequired", field, message: "Required value" };
}

function shapeCauses(object: KubeObject): readonly Cause[] {
  const containers = valueAt(object, "spec.template.spec.containers");
  const restartPolicy = valueAt(object, "spec.template.spec.restartPolicy");
  const causes: Cause[] = [];
  if (!Array.isArray(containers) || containers.length === 0) causes.push(required("spec.template.spec.containers"));
  if (restartPolicy !== "Never" && restartPolicy !== "OnFailure") {
    const message = `Required value: valid values: "OnFailure", "Never"`;
    causes.push({ reason: "FieldValueRequired", field: "spec.template.spec.restartPolicy", message });
  }
  return causes;
}

const immutableFields = ["spec.template", "spec.selector", "spec.completions", "spec.completionMode", "spec.podReplacementPolicy"];

function immutableCauses(object: KubeObject, old: KubeObject | undefined): readonly Cause[] {
  if (old === undefined) return [];
  const changed = immutableFields.filter((field) => !equalJSON(valueAt(object, field), valueAt(old, field)));
  return changed.map((field) => ({
    reason: "FieldValueInvalid",
    field,
    message: `Invalid value: ${JSON.stringify(valueAt(object, field))}: field is immutable`,
  }));
}

export const jobRules: Rules = {
  prepare: prepareJob,
  check: (object, old) => [...shapeCauses(object), ...immutableCauses(object, old)],
};
