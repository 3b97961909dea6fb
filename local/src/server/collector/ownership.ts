import type { Api } from "../api.ts";
import { decode } from "../object.ts";
import type { KubeObject, OwnerReference } from "../object.ts";
import type { Entry } from "../store/entry.ts";
import { removeEntry } from "../verbs/delete.ts";
import { removable } from "../verbs/finalize.ts";

/** Deletes an object whose owners are all gone; takes references to gone owners off one that others still own. */
export function collectDependent(api: Api, entry: Entry, object: KubeObject): void {
  const resource = api.registry.stored(entry.storage);
  const owners = object.metadata.ownerReferences ?? [];
  const present = owners.filter((owner) => !isGone(api, owner));
  if (resource === undefined || present.length === owners.length) return;
  if (present.length === 0) removeEntry(api, resource, entry, { propagationPolicy: "Background" });
  else api.store.put(resource, withOwners(object, present));
}

/** A kind that is not served here may exist elsewhere. */
function isGone(api: Api, owner: OwnerReference): boolean {
  return api.registry.knowsKind(owner.apiVersion, owner.kind) && api.store.byUID(owner.uid) === undefined;
}

function withOwners(object: KubeObject, ownerReferences: readonly OwnerReference[]): KubeObject {
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
}

/** Carries out the propagation policy of a deleted object, and lets go of it when that is done. */
export function finishDeletion(api: Api, entry: Entry, object: KubeObject): void {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes("orphan")) releaseDependents(api, entry);
  else if (finalizers.includes("foregroundDeletion") && !dependentsGone(api, entry)) return;
  letGo(api, entry, object);
}

function releaseDependents(api: Api, owner: Entry): void {
  for (const [dependent, object] of dependentsOf(api, owner)) {
    const resource = api.registry.stored(dependent.storage);
    const left = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.uid);
    if (resource !== undefined) api.store.put(resource, withOwners(object, left));
  }
}

/** Deletes the dependents. True when none is left that holds the owner back. */
function dependentsGone(api: Api, owner: Entry): boolean {
  for (const [dependent] of dependentsOf(api, owner)) {
    const resource = api.registry.stored(dependent.storage);
    if (resource !== undefined && !dependent.deleting) removeEntry(api, resource, dependent, { propagationPolicy: "Foreground" });
  }
  return dependentsOf(api, owner).every(([, object]) => !holdsBack(object, owner.uid));
}

function holdsBack({ metadata }: KubeObject, owner: string): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid, blockOwnerDeletion }) => uid === owner && blockOwnerDeletion === true);
}

function dependentsOf(api: Api, owner: Entry): readonly (readonly [Entry, KubeObject])[] {
  return api.store.ownedBy(owner.uid).map((entry) => [entry, decode(entry.json)] as const);
}

function letGo(api: Api, entry: Entry, object: KubeObject): void {
  const resource = api.registry.stored(entry.storage);
  const before = object.metadata.finalizers ?? [];
  const finalizers = before.filter((name) => name !== "orphan" && name !== "foregroundDeletion");
  if (resource === undefined || finalizers.length === before.length) return;
  const next = { ...object, metadata: { ...object.metadata, finalizers } };
  if (removable(next)) api.store.remove(resource, entry, next);
  else api.store.put(resource, next);
}
