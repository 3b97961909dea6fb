import { BatchChangeSpec, limitFault, validate } from "@codybatch/crds/browser";
import type { AdminLimits } from "@codybatch/dashboard-contract";
import { isFields, valueAt } from "./path.ts";
import type { Manifest } from "./manifest.ts";

/** What is wrong with one field, in the API server's words. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

const nameForm = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** Everything that the API server or the administrator's limits would refuse. */
export function faultsOf(manifest: Manifest, limits: AdminLimits | undefined): readonly Fault[] {
  const validation = validate("BatchChange", manifest);
  const faults = validation.ok ? [] : validation.errors.map(({ path, message }) => ({ path, message }));
  const all = [...nameFaults(manifest), ...faults];
  return all.length > 0 || limits === undefined ? all : limitFaults(manifest, limits);
}

/** The API server asks this of every object, whatever its schema. */
function nameFaults(manifest: Manifest): readonly Fault[] {
  return ["name", "namespace"].flatMap((field): readonly Fault[] => {
    const value = valueAt(manifest, ["metadata", field]);
    if (field === "namespace" && value === undefined) return [];
    const isGood = typeof value === "string" && value.length <= 63 && nameForm.test(value);
    return isGood
      ? []
      : [{ path: `metadata.${field}`, message: "write lower case letters, digits, - and ., beginning and ending with a letter or digit" }];
  });
}

function limitFaults(manifest: Manifest, limits: AdminLimits): readonly Fault[] {
  const spec = BatchChangeSpec.safeParse(isFields(manifest) ? manifest["spec"] : undefined);
  if (!spec.success) return [];
  const sentence = limitFault(spec.data, limits) ?? claimFault(spec.data, limits);
  if (sentence === undefined) return [];
  const end = sentence.indexOf(": ");
  return [{ path: sentence.slice(0, end), message: sentence.slice(end + 2) }];
}

function claimFault(
  { repositories = [], resultStorage }: BatchChangeSpec,
  { repositoriesWithoutClaim: most }: AdminLimits,
): string | undefined {
  if (resultStorage.type === "PersistentVolumeClaim" || repositories.length <= most) return undefined;
  return `spec.resultStorage.type: ${repositories.length} repositories do not fit ConfigMaps, which hold ${most}; choose PersistentVolumeClaim`;
}
