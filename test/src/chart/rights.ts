import { z } from "zod";
import type { Rendered } from "./chart.ts";

const Rule = z.strictObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  resourceNames: z.array(z.string()).optional(),
  verbs: z.array(z.string()),
});
const Role = z.looseObject({ rules: z.array(Rule) });

/** What a role allows, a line per resource: `configmaps: get create update`, `clusterroles.rbac.authorization.k8s.io codybatch-recorder: bind`. */
export function rightsOf(role: Rendered): readonly string[] {
  return Role.parse(role)
    .rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          (resourceNames ?? [""]).map((name) => `${resource}${group && `.${group}`}${name && ` ${name}`}: ${verbs.join(" ")}`),
        ),
      ),
    )
    .toSorted();
}
