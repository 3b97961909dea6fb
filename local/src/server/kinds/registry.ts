import type { Resource } from "./resource.ts";

/** Every kind that is served, found by path or by group and kind. */
export class Registry {
  readonly resources: readonly Resource[];

  constructor(resources: readonly Resource[]) {
    this.resources = resources;
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.resources.find((resource) => resource.plural === plural && resource.group === group && resource.version === version);
  }

  /** The kind under which a name of the store is kept. */
  stored(storage: string): Resource | undefined {
    return this.resources.find((resource) => resource.storage === storage && resource.conversion === undefined);
  }

  knowsKind(apiVersion: string, kind: string): boolean {
    const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
    return this.resources.some((resource) => resource.kind === kind && resource.group === group);
  }

  /** Group names without the core group, in the order of the table. */
  groups(): readonly string[] {
    return [...new Set(this.resources.map((resource) => resource.group))].filter((group) => group !== "");
  }
}
