import { badEdits } from "./bad-edits.ts";
import { badFields } from "./bad-fields.ts";
import { badRules } from "./bad-rules.ts";
import type { BadManifest } from "./manifest.ts";

export { type GoodManifest, goodManifests } from "./good-manifests.ts";
export { type BadManifest, batchChange, changeset, digest, withPatch } from "./manifest.ts";

/** Manifests and edits that the embedded server and a real API server must both refuse, naming the same field and rule. */
export const badManifests: readonly BadManifest[] = [...badFields, ...badRules, ...badEdits];
