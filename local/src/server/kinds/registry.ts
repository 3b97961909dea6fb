import type { Resource } from "./resource.ts";

/** Every kind that is served, found by path or by group and kind. */
export class Registry {
  readonly resources: readonly Resource[];
  private readonly hidden: readonly Resource[];

  /** `hidden` kinds are stored, but no path leads to them. */
  constructor(resources: readonly Resource[], hidden: readonly Resource[] = []) {
    this.resources = resources;
    this.hidden = hidden;
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.resources.find((resource) => resource.plural === plural && resource.group === group && resource.version === version);
  }

  /** The kind under which a name of the store is kept. */
  stored(storage: string): Resource | undefined {
    const fits = (resource: Resource): boolean => resource.storage === storage && resource.conversion === undefined;
    return this.resources.find(fits) ?? this.hidden.find(fits);
  }

  knowsKind(apiVersion: string, kind: string): boolean {
    const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
    return this.resources.some((resource) => resource.kind === kind && resource.group === group);
  }
}
