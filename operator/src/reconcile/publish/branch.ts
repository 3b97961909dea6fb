import { shortHash, type BatchChange } from "@codybatch/crds";

/** Beyond it a host may refuse the name. */
const longest = 240;

/** Branch that is pushed. Each base but the default one has its own, so that one repository may have several pull requests. */
export function branchOf({ metadata, spec: { publish } }: BatchChange, base: string): string {
  const branch = publish.branch ?? `codybatch/${metadata.name}`;
  if (base === "HEAD") return branch;
  const name = `${branch}-${base}`;
  return name.length <= longest ? name : `${branch}-${shortHash(base)}`;
}
